import { expect, it } from 'vitest'
import { manualClock } from '#tests/support/manual-clock.ts'
import type { RunEvent } from './events.ts'
import { createStreams } from './streams.ts'

const open = (listening = true) => {
  const told: RunEvent[] = []
  const clock = manualClock()
  const streams = createStreams(clock, { listening: () => listening, hint: (event) => told.push(event) })
  const deltas = () => told.flatMap((event) => (event.type === 'step-delta' ? [event.delta] : []))
  return { streams, clock, deltas, told }
}

it('tells the first piece at once and then at most one in 16 ms', async () => {
  const { streams, clock, deltas } = open()
  streams.begin('a', 1, 0)
  for (const piece of 'hello') streams.emit('a', 'text', piece)
  expect(deltas()).toEqual(['h'])
  clock.advance(16)
  await new Promise(setImmediate)
  expect(deltas()).toEqual(['h', 'ello'])
  streams.emit('a', 'text', '!')
  streams.end('a')
  expect(deltas()).toEqual(['h', 'ello', '!'])
})

it('gives a late listener the text so far in one piece', () => {
  const { streams } = open(false)
  streams.begin('a', 2, 7)
  streams.emit('a', 'text', 'so ')
  streams.emit('a', 'text', 'far')
  expect(streams.soFar()).toEqual([
    { type: 'step-start', node: 'a', attempt: 2, at: 7 },
    { type: 'step-delta', node: 'a', port: 'text', delta: 'so far', attempt: 2 },
  ])
  streams.end('a')
  expect(streams.soFar()).toEqual([])
})

it('forgets what an attempt streamed when it is tried again', () => {
  const { streams } = open()
  streams.begin('a', 1, 0)
  streams.emit('a', 'text', 'void')
  const restart: RunEvent = {
    type: 'step-restart',
    node: 'a',
    attempt: 1,
    error: { code: 'x', message: 'x' },
    retryAt: 9,
  }
  streams.restart('a', restart)
  expect(streams.soFar()).toEqual([{ type: 'step-start', node: 'a', attempt: 1, at: 0 }, restart])
})

it('tells a late listener how far a step is, and nothing of an attempt that failed', () => {
  const { streams, told } = open()
  const far = (fraction: number): RunEvent => ({ type: 'step-progress', node: 'a', fraction, note: 'queued' })
  streams.begin('a', 1, 0)
  streams.progress('a', far(0))
  streams.progress('a', far(0.5))
  expect(told.slice(1)).toEqual([far(0), far(0.5)])
  expect(streams.soFar()).toEqual([{ type: 'step-start', node: 'a', attempt: 1, at: 0 }, far(0.5)])
  streams.restart('a', { type: 'step-restart', node: 'a', attempt: 1, error: { code: 'x', message: 'x' }, retryAt: 9 })
  streams.begin('a', 2, 9)
  expect(streams.soFar()).toEqual([{ type: 'step-start', node: 'a', attempt: 2, at: 9 }])
})

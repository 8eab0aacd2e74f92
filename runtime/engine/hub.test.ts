import { describe, expect, it } from 'vitest'
import type { RunEvent } from './events.ts'
import { createHub } from './hub.ts'

const delta = (text: string): RunEvent => ({ type: 'step-delta', node: 'a', port: 'text', delta: text, attempt: 1 })
const skip = (seq: number): RunEvent => ({ type: 'step-skip', node: 'a', seq, reason: 'branch' })
const nameOf = (event: RunEvent) =>
  event.type === 'step-delta' ? event.delta : 'seq' in event ? event.seq : event.type

/** A journal that acknowledges when the test says so. */
const openHub = () => {
  let acknowledge = () => {}
  let refuse = () => {}
  const hub = createHub(
    () =>
      new Promise((resolve, reject) => {
        acknowledge = resolve
        refuse = () => reject(new Error('refused'))
      }),
  )
  return { hub, acknowledge: () => acknowledge(), refuse: () => refuse() }
}

const read = async (events: AsyncIterable<RunEvent>) => {
  const names: unknown[] = []
  for await (const event of events) names.push(nameOf(event))
  return names
}

describe('A hub', () => {
  it('tells hints at once, and journaled events with all behind them once they are durable', async () => {
    const { hub, acknowledge } = openHub()
    const events = hub.listen().events[Symbol.asyncIterator]()
    hub.hint(delta('a'))
    hub.journaled(skip(1))
    hub.hint(delta('b'))
    expect(nameOf((await events.next()).value)).toBe('a')
    let told = false
    const next = events.next().then((result) => {
      told = true
      return result
    })
    await new Promise(setImmediate)
    expect(told).toBe(false)
    acknowledge()
    expect(nameOf((await next).value)).toBe(1)
    expect(nameOf((await events.next()).value)).toBe('b')
  })

  it('tells a late listener only what was told after it came, even of what is held back', async () => {
    const { hub, acknowledge } = openHub()
    const first = read(hub.listen().events)
    hub.journaled(skip(1))
    const second = read(hub.listen().events)
    hub.journaled(skip(2))
    acknowledge()
    await new Promise(setImmediate)
    acknowledge()
    hub.end()
    expect(await first).toEqual([1, 2])
    expect(await second).toEqual([2])
  })

  it('ends without what was not durable when the journal refuses it', async () => {
    const { hub, refuse } = openHub()
    const events = read(hub.listen().events)
    hub.hint(delta('a'))
    hub.journaled(skip(1))
    refuse()
    expect(await events).toEqual(['a'])
  })

  it('drops hints for a reader that is slow, and never a journaled event', async () => {
    const hub = createHub(async () => undefined)
    const listener = hub.listen()
    for (let at = 0; at < 5_000; at += 1) hub.hint(delta('x'))
    for (let seq = 1; seq <= 2_000; seq += 1) hub.journaled(skip(seq))
    hub.end()
    const names = await read(listener.events)
    expect(names.filter((name) => name === 'x').length).toBeLessThanOrEqual(1_000)
    expect(names.filter((name) => typeof name === 'number')).toEqual(Array.from({ length: 2_000 }, (_, at) => at + 1))
  })

  it('ends for a listener whose signal aborts, and listens no more when it has left', async () => {
    const hub = createHub(async () => undefined)
    const gone = new AbortController()
    const listener = hub.listen(gone.signal)
    const events = read(listener.events)
    expect(hub.listening()).toBe(true)
    gone.abort()
    expect(await events).toEqual([])
    listener.leave()
    expect(hub.listening()).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunDetail } from '#server/api.ts'
import { answering } from '#tests/support/small-pipelines.ts'
import { foldEvent, type LiveRun, runFromDetail, startedRun } from './live-run.ts'
import { overallProgress } from './overall-progress.ts'

const play = (events: readonly RunEvent[], now = 10_000): LiveRun =>
  events.reduce((run, event) => foldEvent(run, event, now), startedRun('r', {}))
const begin: RunEvent = { type: 'run-start', run: 'r', at: 1_000, input: {} }
const delta = (text: string, path?: number[]): RunEvent => ({
  type: 'step-delta',
  node: 'model',
  port: 'text',
  delta: text,
  attempt: 1,
  ...(path && { path }),
})

describe('a run folded from its events', () => {
  it('keeps what a long step says of itself, its loss as a history, and nothing of it when the step has ended', () => {
    const start: RunEvent = { type: 'step-start', node: 'tune', attempt: 1, at: 1_100 }
    const far = (fraction: number, loss?: number): RunEvent => ({
      type: 'step-progress',
      node: 'tune',
      fraction,
      ...(loss === undefined ? { note: 'queued' } : { metrics: { loss }, secondsLeft: 30 }),
    })
    const live = play([begin, start, far(0), far(0.1, 4), far(0.2, 2)])
    expect(live.nodes.tune).toMatchObject({ fraction: 0.2, loss: [4, 2], metrics: { loss: 2 }, doneAt: 40_000 })
    expect(live.nodes.tune).not.toHaveProperty('note')
    const many = Array.from({ length: 500 }, (_, at) => far(0.3, at))
    expect(play([begin, start, ...many]).nodes.tune?.loss).toHaveLength(120)
    const end: RunEvent = { type: 'step-end', node: 'tune', seq: 1, at: 1_500, ms: 400, attempt: 1, outputs: {} }
    const over = play([begin, start, far(0.2, 2), end]).nodes.tune
    for (const part of ['fraction', 'loss', 'metrics', 'doneAt']) expect(over).not.toHaveProperty(part)
  })

  it('gathers streamed text and replaces it with the value', () => {
    const start: RunEvent = { type: 'step-start', node: 'model', attempt: 1, at: 1_100 }
    const live = play([begin, start, delta('Hel'), delta('lo')])
    expect(live.nodes.model).toMatchObject({ status: 'streaming', streamed: { text: 'Hello' }, startedAt: 1_100 })
    const end: RunEvent = {
      type: 'step-end',
      node: 'model',
      seq: 1,
      at: 1_500,
      ms: 400,
      attempt: 1,
      outputs: { text: 'Hello.' },
      usage: { inputTokens: 3, outputTokens: 2 },
    }
    const done = foldEvent(live, end)
    expect(done.nodes.model).toMatchObject({ status: 'succeeded', ended: true, outputs: { text: 'Hello.' } })
    expect(done.nodes.model).not.toHaveProperty('streamed')
    expect(done.usage).toEqual({ inputTokens: 3, outputTokens: 2 })
  })

  it('drops what an attempt streamed when the next one begins', () => {
    const again: RunEvent = {
      type: 'step-restart',
      node: 'model',
      attempt: 1,
      error: { code: 'busy', message: 'Busy.' },
      retryAt: 2_000,
    }
    const live = play([begin, delta('half'), again, delta('whole')])
    expect(live.nodes.model?.streamed).toEqual({ text: 'whole' })
  })

  it('never mixes the text of two items', () => {
    const live = play([begin, delta('one', [0]), delta('two', [1])])
    expect(live.nodes.model).toMatchObject({ path: [1], streamed: { text: 'two' } })
  })

  it('counts the items of a mapped node and knows since when', () => {
    const counted = (done: number, failed: number, ended: boolean): RunEvent => ({
      type: 'map-progress',
      node: 'model',
      total: 4,
      done,
      failed,
      skipped: 0,
      ended,
      ms: 300,
      usage: { inputTokens: done, outputTokens: 0 },
    })
    const live = play([begin, counted(1, 0, false), counted(2, 1, false)])
    expect(live.nodes.model).toMatchObject({ startedAt: 9_700, items: { total: 4, done: 2, failed: 1 } })
    expect(live.usage.inputTokens).toBe(2)
    expect(overallProgress(live, 3)).toEqual({ done: 2, failed: 1, of: 4 })
    expect(foldEvent(live, counted(3, 1, true)).nodes.model).toMatchObject({ status: 'succeeded', ended: true })
    expect(play([begin, counted(0, 4, true)]).nodes.model?.status).toBe('failed')
  })

  it('tells a skipped and a failed node, and how the run ended', () => {
    const live = play([
      begin,
      { type: 'step-skip', node: 'a', seq: 1, reason: 'branch' },
      { type: 'step-fail', node: 'b', seq: 2, at: 2_000, ms: 5, attempt: 1, error: { code: 'x', message: 'X.' } },
      { type: 'run-end', seq: 3, run: 'r', at: 2_100, status: 'failed', usage: { inputTokens: 0, outputTokens: 0 } },
    ])
    expect(live.nodes.a).toMatchObject({ status: 'skipped', skipReason: 'branch' })
    expect(live.nodes.b).toMatchObject({ status: 'failed', error: { code: 'x' } })
    expect(live).toMatchObject({ status: 'failed', endedAt: 2_100 })
    expect(overallProgress(live, 2)).toEqual({ done: 1, failed: 1, of: 2 })
  })

  it('keeps why a node was skipped when it is read from the server', () => {
    const plain = { items: null, startedAt: null, endedAt: null, ms: 0, outputs: null, error: null, usage: null }
    const detail: RunDetail = {
      id: 'r',
      number: 1,
      pipeline: null,
      name: 'a',
      version: null,
      trigger: 'manual',
      status: 'succeeded',
      input: {},
      output: {},
      error: null,
      createdAt: '2026-01-01T00:00:00Z',
      startedAt: '2026-01-01T00:00:00Z',
      endedAt: '2026-01-01T00:00:01Z',
      usage: { inputTokens: 0, outputTokens: 0 },
      document: { format: 'patchbay/1', name: 'a', ...answering },
      nodes: [
        { ...plain, node: 'prompt', status: 'skipped', mark: 'branch' },
        { ...plain, node: 'model', status: 'succeeded', outputs: { text: 'x' }, mark: 'cached' },
        { ...plain, node: 'ask', status: 'succeeded', mark: null },
      ],
    }
    const { nodes } = runFromDetail(detail)
    expect(nodes.prompt).toMatchObject({ status: 'skipped', skipReason: 'branch' })
    expect(nodes.model).toMatchObject({ status: 'succeeded', cached: true })
    expect(nodes.ask).not.toHaveProperty('skipReason')
  })
})

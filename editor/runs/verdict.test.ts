import { expect, it } from 'vitest'
import type { LiveRun } from '../run-dock/live-run.ts'
import { startedRun } from '../run-dock/live-run.ts'
import { verdictOf } from './verdict.ts'

const judge = (run: Partial<LiveRun>) => verdictOf({ ...startedRun('r', {}), ...run }, 3, (node) => `<${node}>`)

it('names the node that failed: the one the run blames, else the first that did', () => {
  const nodes = { a: { status: 'failed' as const, ended: true as const } }
  expect(judge({ status: 'failed', nodes })).toMatchObject({ key: 'runs.verdict-failed-at', values: { node: '<a>' } })
  const error = { code: 'x', message: 'y', node: 'b' }
  expect(judge({ status: 'failed', nodes, error }).values).toEqual({ node: '<b>' })
  expect(judge({ status: 'failed' }).key).toBe('runs.verdict-failed')
})

it('does not call a run with holes a full success', () => {
  const items = { total: 64, done: 61, failed: 3, skipped: 0 }
  const nodes = { a: { status: 'succeeded' as const, ended: true as const, items } }
  expect(judge({ status: 'succeeded', nodes })).toMatchObject({
    key: 'runs.verdict-holes',
    values: { count: 3 },
    tone: 'fail',
  })
  expect(judge({ status: 'succeeded', nodes: {} }).key).toBe('runs.verdict-succeeded')
})

it('counts what is done while it runs', () => {
  const nodes = { a: { status: 'succeeded' as const, ended: true as const }, b: { status: 'running' as const } }
  expect(judge({ status: 'running', nodes }).values).toEqual({ done: 1, count: 3 })
})

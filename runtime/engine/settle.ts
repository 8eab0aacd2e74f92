import type { Usage } from '#nodes/define.ts'
import type { StepRow } from '../store/journal.ts'
import { type ActiveRun, type Counts, endRun } from './active-run.ts'
import type { PlanNode } from './plan.ts'
import { eventOfRow } from './replay.ts'
import { applyRow, isFatal, type Scope } from './state.ts'

export type Settled = Omit<StepRow, 'node' | 'path' | 'ms' | 'seq'>

/** Records how a step came out: in memory, in the journal, to the listeners. A failure that nobody tolerates ends the run. */
export const settle = (run: ActiveRun, node: PlanNode, scope: Scope, how: Settled): void => {
  if (run.stopped) return
  const row: StepRow = {
    node: node.id,
    path: scope.path,
    status: how.status,
    attempt: how.attempt,
    startedAt: how.startedAt,
    ms: how.startedAt === null ? 0 : run.parts.clock.now() - how.startedAt,
    outputs: how.outputs,
    error: how.error,
    usage: how.usage,
    seq: ++run.state.seq,
  }
  if (how.mark) row.mark = how.mark
  applyRow(scope, node, row)
  run.parts.journal.step(run.id, run.epoch, row)
  const mapped = scope.path.length > 0
  if (mapped) count(run, node, row)
  const fatal = isFatal(node, row)
  if (run.hub.listening() && (!mapped || fatal)) run.hub.journaled(eventOfRow(row))
  if (fatal && row.error) endRun(run, 'failed', { error: row.error })
}

export const countsOf = (run: ActiveRun, node: PlanNode): Counts => {
  let counts = run.counts.get(node.index)
  if (!counts) {
    const usage: Usage = { inputTokens: 0, outputTokens: 0 }
    counts = { done: 0, failed: 0, skipped: 0, startedAt: run.parts.clock.now(), usage, told: 0 }
    run.counts.set(node.index, counts)
  }
  return counts
}

const count = (run: ActiveRun, node: PlanNode, row: StepRow): void => {
  const counts = countsOf(run, node)
  counts[row.status === 'succeeded' ? 'done' : row.status] += 1
  counts.usage.inputTokens += row.usage?.inputTokens ?? 0
  counts.usage.outputTokens += row.usage?.outputTokens ?? 0
}

import { type ClaimedRun, claimRuns, hasClaimable } from '../store/claim-runs.ts'
import { activate } from './activate.ts'
import { endRun } from './active-run.ts'
import type { Core } from './core.ts'
import { execute } from './execute.ts'
import { emptyState, fold, type JournalEntry, type RunState } from './state.ts'

/** A run that was in flight this often when its process died is not tried again. */
const recoveryLimit = 2
/** Runs taken with one statement. */
const batch = 100

/** Fills the free places with runs of dead processes and of the queue. */
export const claim = async (core: Core): Promise<void> => {
  while (!core.stopping) {
    if (core.table.free() <= 0) return
    core.mayBeQueued = false
    if (!(await hasClaimable(core.deps.database))) return
    // Runs that wait go before those that are started now, so their places are taken first.
    const most = Math.max(0, Math.min(batch, core.table.free()))
    for (let place = 0; place < most; place += 1) core.table.reserve()
    let taken = 0
    try {
      const { database, artifacts } = core.deps
      const runs = await claimRuns(database, artifacts, core.membership.ownership.process, most, (error) => {
        core.parts.log('warn', 'A run was claimed and could not be read; it is handed back.', { error })
        core.mayHaveStrays = true
      })
      if (runs.length === most) core.mayBeQueued = true
      for (const run of runs) {
        taken += 1
        resume(core, run)
      }
    } finally {
      for (let place = taken; place < most; place += 1) core.table.release()
    }
    if (taken === 0 || taken < most) return
  }
}

/** Goes on where the journal ends: what is in it is never executed again. */
const resume = (core: Core, claimed: ClaimedRun): void => {
  const { id, epoch, request, createdAt } = claimed
  const again = restore(core, claimed)
  const run = activate(core, { id, epoch, request, createdAt, plan: again.plan, state: again.state })
  for (const { usage } of claimed.steps) {
    run.usage.inputTokens += usage?.inputTokens ?? 0
    run.usage.outputTokens += usage?.outputTokens ?? 0
  }
  if ('problem' in again) return endRun(run, 'failed', { error: { code: 'cannot-resume', message: again.problem } })
  if (claimed.recoveries > recoveryLimit) {
    const message = `The process that ran this died ${claimed.recoveries} times with a step in flight. A step probably brings it down: look at the nodes without a result, then run again.`
    return endRun(run, 'failed', { error: { code: 'recovery-limit', message } })
  }
  void execute(run)
}

const emptyPlan = { nodes: [], byId: new Map(), sizes: new Map(), ends: [], sinks: [] }
const emptyBlock = { units: [], waits: [], dependents: [], window: 1 }

const restore = (core: Core, { request, steps, sources, seq, problem }: ClaimedRun) => {
  const unable = (why: string) => {
    const plan = { ...emptyPlan, block: emptyBlock }
    const state: RunState = { ...emptyState(plan), seq }
    return { plan, state, problem: `This run cannot go on ${why}` }
  }
  if (problem !== undefined) return unable(`without what it has done so far: ${problem}`)
  try {
    const plan = core.plans(request.document, request.version === undefined)
    return { plan, state: fold(plan, inOrder(steps, sources)) }
  } catch (error) {
    return unable(
      `with the node types that are installed now: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Merges the two parts of a journal by `seq`. */
const inOrder = (steps: ClaimedRun['steps'], sources: ClaimedRun['sources']): JournalEntry[] =>
  [...steps.map((step) => ({ step })), ...sources.map((source) => ({ source }))].sort((a, b) => seqOf(a) - seqOf(b))

const seqOf = (entry: JournalEntry): number => ('step' in entry ? entry.step.seq : entry.source.seq)

import { cancelRun } from '../store/claim-runs.ts'
import { endRun } from './active-run.ts'
import type { Core } from './core.ts'

/** Cancels a run wherever it is: here at once, elsewhere by ending it in the database, which its owner is told. */
export const cancel = async (core: Core, workspace: string, id: string): Promise<boolean> => {
  const { database } = core.deps
  const run = core.table.get(id)
  if (!run || (run.stopped && !run.end)) return cancelRun(database, workspace, id)
  if (run.end || run.request.workspace !== workspace) return false
  endRun(run, 'cancelled')
  try {
    await run.parts.journal.durable(id)
    return true
  } catch {
    // Another process owns the run by now.
    return cancelRun(database, workspace, id)
  }
}

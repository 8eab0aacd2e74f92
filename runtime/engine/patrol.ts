import { findLost } from '../store/claim-runs.ts'
import { dropRun } from './active-run.ts'
import type { Core } from './core.ts'

/** Milliseconds between two rounds. */
export const round = 2_000

/** Looks, again and again, for runs to take and for runs that others have ended or taken: the backstop of all hints. */
export const patrol = async (core: Core, over: AbortSignal): Promise<void> => {
  const { deps, table, clock } = core
  while (!core.stopping) {
    core.claimSoon()
    try {
      await clock.sleep(round, over)
      const active = table.all().flatMap((run) => (run.stored && !run.stopped ? [run.id] : []))
      for (const id of await findLost(deps.database, core.membership.ownership.process, active)) lose(core, id)
    } catch (error) {
      if (!over.aborted) core.parts.log('warn', 'The database could not be asked for lost runs.', { error })
    }
  }
}

/** Hears at once of runs that were cancelled through another process. */
export const hearCancels = (core: Core): Promise<() => Promise<void>> =>
  core.deps.database.listen('patchbay_cancel', (id) => lose(core, id))

/** A run whose own end is on its way is not lost. */
const lose = (core: Core, id: string): void => {
  const run = core.table.get(id)
  if (run && !run.end) dropRun(run)
}

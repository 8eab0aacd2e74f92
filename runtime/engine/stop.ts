import { setTimeout as wait } from 'node:timers/promises'
import { handBack } from '../store/claim-runs.ts'
import { dropRun } from './active-run.ts'
import type { Core } from './core.ts'

/**
 * Lets the steps in flight end, for up to `ms`, and starts no more; what is recorded becomes durable, and what is left of
 * the runs is handed back, so that any process may go on with them at once.
 */
export const stop = async (core: Core, ms: number): Promise<void> => {
  const { table, membership, deps } = core
  const until = performance.now() + ms
  while (table.all().some((run) => run.busy > 0) && performance.now() < until) await wait(10)
  const left = table.all().flatMap((run) => (run.stopped ? [] : [run.id]))
  for (const run of table.all()) dropRun(run)
  await membership.journal.close()
  await handBack(deps.database, membership.ownership.process, left)
  await membership.ownership.release()
}

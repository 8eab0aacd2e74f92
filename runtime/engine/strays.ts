import { handBack, listOwned } from '../store/claim-runs.ts'
import type { Core } from './core.ts'

/**
 * Hands back the runs that a failed claim left with this process, and that nobody would execute otherwise. Never beside a
 * claim: what that has taken and not yet read would look the same.
 */
export const handBackStrays = async (core: Core): Promise<void> => {
  if (!core.mayHaveStrays) return
  const { database } = core.deps
  const { ownership, journal } = core.membership
  const owned = await listOwned(database, ownership.process)
  const strays = owned.filter((id) => core.table.get(id)?.stopped !== false && !journal.holds(id))
  await handBack(database, ownership.process, strays)
  core.mayHaveStrays = false
}

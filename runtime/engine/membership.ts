import { createJournal } from '../store/create-journal.ts'
import type { Journal, Refusal } from '../store/journal.ts'
import { type Ownership, takeOwnership } from '../store/ownership.ts'
import type { EngineDependencies } from './engine.ts'

/** One time of being an owner of runs: a registered process with its lease and its journal. */
export type Membership = { ownership: Ownership; journal: Journal }

export type MembershipEvents = {
  /** Runs of this process that a crash now could not be blamed on. */
  idle: () => readonly string[]
  /** Other processes were declared dead: their runs can be claimed. */
  onDead: () => void
  /** The lease is gone: others may execute the runs already. */
  onLost: () => void
  onRefused: (run: string, why: Refusal) => void
}

/** Registers this process as an owner of runs. */
export const join = async (deps: EngineDependencies, events: MembershipEvents): Promise<Membership> => {
  const { database, artifacts, url, patience } = deps
  const { idle, onDead } = events
  const ownership = await takeOwnership({ database, idle, onDead, ...(url !== undefined && { url }) })
  const journal = createJournal({
    database,
    process: ownership.process,
    artifacts,
    ...(patience !== undefined && { patience }),
  })
  ownership.onLost(events.onLost)
  journal.onRefused(events.onRefused)
  return { ownership, journal }
}

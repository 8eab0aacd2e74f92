import { type ActiveRun, firstEpoch } from './active-run.ts'
import { type Core, endingOf } from './core.ts'
import type { RunEvent } from './events.ts'

/** What follows when a run stops: those who wait and listen are told, its place is free. */
export const conclude = (core: Core, run: ActiveRun): void => {
  void (run.end ? ended(core, run) : lost(core, run)).catch((error: unknown) => {
    core.parts.log('warn', 'A run could not be concluded.', { run: run.id, error })
  })
}

const ended = async (core: Core, run: ActiveRun): Promise<void> => {
  if (run.hub.listening()) run.hub.journaled(eventOfEnd(run))
  run.hub.end()
  try {
    await run.parts.journal.durable(run.id)
  } catch {
    // The database would not take the end: others own the run, or have ended it.
    return lost(core, run)
  }
  leave(core, run)
  // Of a run that was taken over, the database knows more than this process.
  core.endings.tell(run.id, run.epoch === firstEpoch ? endingOf(run) : undefined)
}

/** The run goes on elsewhere, or was ended elsewhere: by a cancel, or because its rows could not be stored. */
const lost = async (core: Core, run: ActiveRun): Promise<void> => {
  leave(core, run)
  run.hub.end()
  core.endings.tell(run.id, undefined)
}

const leave = (core: Core, run: ActiveRun): void => {
  if (core.table.remove(run) && core.mayBeQueued) core.claimSoon()
}

const eventOfEnd = ({ id, end }: ActiveRun): RunEvent => {
  if (!end) throw new TypeError(`Run ${id} has not ended.`)
  const { seq, at, status, output, error, usage } = end
  return { type: 'run-end', seq, run: id, at, status, ...(output && { output }), ...(error && { error }), usage }
}

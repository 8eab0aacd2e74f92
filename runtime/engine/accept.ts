import { uuidv7 } from 'uuidv7'
import { RuntimeRefusal } from '../store/refusal.ts'
import { activate } from './activate.ts'
import { dropRun, firstEpoch } from './active-run.ts'
import type { Core } from './core.ts'
import { execute } from './execute.ts'
import type { StartRequest } from './run.ts'
import { emptyState } from './state.ts'

type Accepted = { id: string; repeated: boolean }

/** Accepts a run: here if there is a place, else in the database's queue. */
export const accept = async (core: Core, request: StartRequest): Promise<Accepted> => {
  try {
    return await tryAccept(core, request)
  } catch (error) {
    if (!(error instanceof RuntimeRefusal && error.code === 'fenced')) throw error
    // Nothing of the run was written, and this process can begin anew.
    await core.rejoin()
    return tryAccept(core, request)
  }
}

const tryAccept = async (core: Core, request: StartRequest): Promise<Accepted> => {
  if (core.stopping) throw new RuntimeRefusal('stopping', 'Patchbay is stopping. Try again in a moment.')
  const plan = core.plans(request.document, request.version === undefined)
  const { journal } = core.parts
  const id = uuidv7()
  const createdAt = core.clock.now()
  if (core.table.free() <= 0) {
    const { id: known, repeated } = await journal.start({ id, request, at: createdAt, queued: true })
    core.mayBeQueued = true
    core.claimSoon()
    return { id: known, repeated }
  }
  core.table.reserve()
  const begin = () => activate(core, { id, epoch: firstEpoch, request, plan, state: emptyState(plan), createdAt })
  const started = journal.start({ id, request, at: createdAt })
  if (request.idempotency) {
    // Another request with this key may win; until that is known, no step may run.
    let won = false
    try {
      const { id: known, repeated, number } = await started
      won = !repeated
      if (won) {
        const run = begin()
        run.number = number
        run.stored = true
        void execute(run)
      }
      return { id: known, repeated }
    } finally {
      if (!won) core.table.release()
    }
  }
  const run = begin()
  void execute(run)
  try {
    run.number = (await started).number
    run.stored = true
  } catch (error) {
    dropRun(run)
    throw error
  }
  return { id, repeated: false }
}

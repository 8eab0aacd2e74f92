import type { Fleet } from '#runtime/dispatch/fleet.ts'
import { createJobDispatcher } from '#runtime/dispatch/jobs/dispatcher.ts'
import { spaceOf } from '#runtime/dispatch/jobs/lacks.ts'
import { createRunJob } from '#runtime/dispatch/jobs/run-job.ts'
import type { LocalWorker } from '#runtime/dispatch/local-worker.ts'
import type { JobNeeds } from '#runtime/dispatch/protocol.ts'
import type { Database } from '#runtime/store/database.ts'
import { lackOfFleet } from './lack-of-fleet.ts'
import type { Log } from './log.ts'

/** How long the worker of this machine may take to say what it can do, in ms. */
const patience = 30_000
/** How long a worker that can do it and went silent is waited for, in ms of silence. */
const mayReturn = 60_000

export type JobsOptions = {
  database: Database
  fleet: Fleet
  worker: Pick<LocalWorker, 'start'>
  localWorker: string
  log: Log
}

/** Jobs: who gets which, and how a step has one done. */
export const openJobs = async ({ database, fleet, worker, localWorker, log }: JobsOptions) => {
  /** A worker that says it does nothing has free what it ever will: nothing is kept for later there. */
  const whole = (id: string) => {
    const { offer, beat } = fleet.get(id) ?? {}
    return offer && beat && beat.jobs.length > 0 ? spaceOf(offer) : undefined
  }
  const dispatcher = await createJobDispatcher({ database, whole, log })
  const able = (workspace: string, { capability }: JobNeeds): boolean =>
    fleet
      .list(workspace)
      .some(({ state, offer }) => state === 'ready' && offer?.capabilities.includes(capability) === true)
  const mayComeBack = (workspace: string, { capability }: JobNeeds): boolean =>
    fleet
      .list(workspace)
      .some(
        ({ state, silentFor, offer }) =>
          state === 'lost' && (silentFor ?? mayReturn) < mayReturn && offer?.capabilities.includes(capability) === true,
      )
  const told = (): boolean => fleet.get(localWorker)?.state === 'ready'
  /** Waits until the worker of this machine has said what it can do, and for one that was lost just now, unless another one can do it. */
  const offers = async (workspace: string, needs: JobNeeds): Promise<boolean> => {
    const begun = performance.now()
    const passed = () => performance.now() - begun
    const starting = () => !told() && passed() < patience
    const returning = () => mayComeBack(workspace, needs) && passed() < mayReturn
    while (!able(workspace, needs) && (starting() || returning()))
      await new Promise<void>((resolve) => {
        const done = () => {
          deafen()
          clearTimeout(timer)
          resolve()
        }
        const deafen = fleet.onChange(done)
        const timer = setTimeout(done, 1_000)
      })
    return able(workspace, needs)
  }
  const wake = () => {
    worker.start().catch((error: unknown) => log('warn', 'the local worker did not start', { error: String(error) }))
  }
  return {
    dispatcher,
    job: createRunJob({ database, dispatcher, wake, offers, lack: lackOfFleet({ fleet, jobs: dispatcher }) }),
  }
}

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '../../dispatch/protocol.ts'
import type { Log } from '../log.ts'
import { type Backoff, untilDone, waitAfter } from '../retry.ts'
import type { ServerClient } from '../server-client.ts'
import type { JobExecutor, StopReason } from './executor.ts'
import { type LeasedJob, startLeasedJob } from './leased-job.ts'

export type LeaseLoopOptions = {
  server: ServerClient
  executors: readonly JobExecutor[]
  /** Jobs at the same time. */
  slots: number
  /** For the jobs' folders. */
  folder: string
  /** What a job may have here now. */
  room: () => Promise<{ gpus: number; memory: number }>
  log: Log
  checkpoints?: number
  backoff?: Backoff
  /** Seconds of one long poll. */
  wait?: number
}
export type LeaseLoop = {
  /** The jobs in work. */
  jobs: () => string[]
  /** Takes no more; jobs save and are released for others to go on. Resolves when the server knows. */
  drain: () => Promise<void>
  /** After a drain: takes jobs again. */
  resume: () => void
  /** Takes jobs of another kind too, from now on. */
  add: (executor: JobExecutor) => void
}

/** Asks for jobs, one long poll a free slot, and works on them. */
export const startLeaseLoop = (options: LeaseLoopOptions): LeaseLoop => {
  const { server, slots, folder, room, log, checkpoints, backoff, wait = 20 } = options
  const working = new Map<string, LeasedJob>()
  const executors = [...options.executors]
  let taking = new AbortController()
  let loops: Promise<void>[] = []

  const work = async (lease: Lease): Promise<void> => {
    const executor = executors.find(({ kind }) => kind === lease.kind)
    if (!executor) throw new Error(`The server leased a job of the kind "${lease.kind}", which was not asked for.`)
    const job = startLeasedJob({
      server,
      lease,
      executor,
      folder: join(folder, `${lease.job.replaceAll(/[^\w-]/g, '_')}-${lease.attempt}`),
      log,
      ...(checkpoints !== undefined && { checkpoints }),
      ...(backoff && { backoff }),
    })
    working.set(lease.job, job)
    // The drain may have begun between the lease and here.
    if (taking.signal.aborted) job.stop('released')
    await job.ended
    if (working.get(lease.job) === job) working.delete(lease.job)
  }
  const slot = async (signal: AbortSignal): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const lease = await untilDone(
          async () =>
            server.nextLease({ capabilities: executors.map(({ kind }) => kind), ...(await room()), wait }, signal),
          { signal, ...(backoff && { backoff }) },
        )
        if (lease) await work(lease)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures++
        log('error', 'no job could be fetched', { reason: error instanceof Error ? error.message : String(error) })
        await sleep(waitAfter(failures, backoff), undefined, { signal }).catch(() => undefined)
      }
    }
  }
  const start = (): void => {
    taking = new AbortController()
    const { signal } = taking
    // What was drained may still be saving: its slots are free when it has.
    const before = Promise.all(loops)
    if (executors.length > 0) loops = Array.from({ length: slots }, () => before.then(() => slot(signal)))
  }
  const stopAll = (why: StopReason): void => {
    for (const job of working.values()) job.stop(why)
  }
  start()
  return {
    jobs: () => [...working.keys()],
    drain: async () => {
      taking.abort(new Error('the worker drains'))
      stopAll('released')
      await Promise.all(loops)
    },
    resume: () => {
      if (taking.signal.aborted) start()
    },
    add: (executor) => {
      executors.push(executor)
      // With one before, the loops run already and ask for this kind the next time.
      if (executors.length === 1 && !taking.signal.aborted) start()
    },
  }
}

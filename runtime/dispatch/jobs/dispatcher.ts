import type { Database } from '../../store/database.ts'
import { claimJob, endLease, expireLeases } from '../../store/job-leases.ts'
import { cancelOrphans, channels, listQueued, listQueuedIds, type QueuedRow } from '../../store/jobs.ts'
import type { Lease, LeaseRequest } from '../protocol.ts'
import { type Asking, createPlacement } from './place.ts'

/** How often expired leases are taken back, in ms. */
const patrolEvery = 2_000
/** How often the table is read for jobs that no hint told of, in ms. */
const readEvery = 5_000
/** Unknown jobs that are read at once. */
const pageSize = 5_000

export type JobDispatcherOptions = {
  database: Database
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}
export type JobDispatcher = {
  /** The next job for a worker, leased to it, or undefined after `request.wait` seconds. */
  next: (
    of: { workspace: string; worker: string },
    request: LeaseRequest,
    signal: AbortSignal,
  ) => Promise<Lease | undefined>
  /** Calls `heard` with the ids of jobs that changed. Hints only. Returns a function that stops it. */
  onChange: (heard: (id: string) => void) => () => void
  /** Whether a worker that can do it would get this job next. */
  isNext: (id: string) => boolean
  /** Reads the table now. */
  read: () => Promise<void>
  stop: () => Promise<void>
}

type Poll = { asking: Asking; wake: () => void }

/**
 * Hands queued jobs to workers that ask. The table decides who has a job; what is in memory only says whom to try first.
 * A notification brings new jobs at once, reading the table brings those that no notification told of.
 */
export const createJobDispatcher = async ({ database, log }: JobDispatcherOptions): Promise<JobDispatcher> => {
  const placement = createPlacement()
  const polls = new Set<Poll>()
  const listeners = new Set<(id: string) => void>()
  const stopping = new AbortController()

  const can = ({ capabilities, gpus, memory, workspace }: Asking, job: QueuedRow): boolean =>
    workspace === job.workspace &&
    capabilities.includes(job.needs.capability) &&
    gpus >= job.needs.gpus &&
    memory >= job.needs.memory

  /** What came or was taken while the table is being read: what the table said of these is older. */
  let moved = new Set<string>()

  const offer = (job: QueuedRow): void => {
    if (placement.has(job.id)) return
    moved.add(job.id)
    placement.put({ ...job, since: job.createdAt.getTime() })
    for (const poll of polls) {
      if (!can(poll.asking, job)) continue
      poll.wake()
      return
    }
  }
  const read = async (): Promise<void> => {
    moved = new Set()
    const ids = await listQueuedIds(database)
    const there = new Set(ids)
    for (const id of [...placement.ids()]) if (!there.has(id) && !moved.has(id)) placement.remove(id)
    const unknown = ids.filter((id) => !placement.has(id) && !moved.has(id))
    for (let at = 0; at < unknown.length; at += pageSize)
      for (const job of await listQueued(database, unknown.slice(at, at + pageSize))) if (!moved.has(job.id)) offer(job)
    // Whoever was woken for a job may have left since.
    for (const poll of polls) if (placement.could(poll.asking)) poll.wake()
  }
  const reading = guarded(read, log, 'The queue of jobs could not be read.')
  let readAgainAt = 0
  /** A long queue is read less often: reading takes a twentieth of the time at most. */
  const readInTurn = async (): Promise<void> => {
    const begun = performance.now()
    if (begun < readAgainAt) return
    await reading()
    readAgainAt = performance.now() + 20 * (performance.now() - begun)
  }
  const hear = async (id: string): Promise<void> => {
    for (const job of await listQueued(database, [id])) offer(job)
  }
  const tell = (id: string): void => {
    for (const heard of listeners) heard(id)
  }
  const patrol = guarded(
    async () => {
      await cancelOrphans(database.query)
      const expired = await expireLeases(database.query)
      if (expired > 0) log('warn', 'jobs lost their workers', { jobs: expired })
    },
    log,
    'Leases could not be looked at.',
  )

  const deaf = [
    await database.listen(channels.queued, (id) => void hear(id).catch(reading)),
    await database.listen(channels.changed, tell),
  ]
  const timers = [setInterval(patrol, patrolEvery), setInterval(readInTurn, readEvery)]
  for (const timer of timers) timer.unref()
  await reading()

  /** A lease that nobody is there to use. Where this fails too, the lease runs out. */
  const letGo = async (workspace: string, worker: string, { job, attempt }: Lease): Promise<void> => {
    await endLease(database.query, { workspace, worker, job, attempt }, { attempt, status: 'released' }).catch(
      (error: unknown) => log('warn', 'a lease could not be given back; it runs out', { job, error: String(error) }),
    )
  }
  const tryNow = async (asking: Asking, worker: string, gone: AbortSignal): Promise<Lease | undefined> => {
    const { workspace } = asking
    while (!gone.aborted) {
      const job = placement.take(asking)
      if (!job) return undefined
      moved.add(job.id)
      let leased: Lease | undefined
      try {
        leased = await claimJob(database.query, { workspace, id: worker }, job.id)
      } catch (error) {
        placement.charge(workspace, job.tenant, -1)
        placement.put(job)
        throw error
      }
      if (leased && !gone.aborted) return leased
      // Nothing was given: another process was quicker, or the worker left meanwhile.
      placement.charge(workspace, job.tenant, -1)
      if (leased) await letGo(workspace, worker, leased)
    }
    return undefined
  }

  return {
    next: async ({ workspace, worker }, request, signal) => {
      const { capabilities, gpus, memory, wait } = request
      const asking: Asking = { workspace, capabilities, gpus, memory }
      const until = AbortSignal.any([signal, stopping.signal, AbortSignal.timeout(wait * 1_000)])
      while (!until.aborted) {
        const woken = Promise.withResolvers<void>()
        const poll: Poll = { asking, wake: woken.resolve }
        // In line before it looks: a job that comes in between must find somebody to wake.
        polls.add(poll)
        const done = () => woken.resolve()
        until.addEventListener('abort', done, { once: true })
        try {
          const job = await tryNow(asking, worker, signal)
          if (job) return job
          await woken.promise
        } finally {
          polls.delete(poll)
          until.removeEventListener('abort', done)
        }
      }
      return undefined
    },
    onChange: (heard) => {
      listeners.add(heard)
      return () => void listeners.delete(heard)
    },
    isNext: placement.isNext,
    read: reading,
    stop: async () => {
      stopping.abort()
      for (const timer of timers) clearInterval(timer)
      for (const deafen of deaf) await deafen()
    },
  }
}

/** Runs one at a time, and only logs what went wrong: the next round tries again. */
const guarded = (work: () => Promise<void>, log: JobDispatcherOptions['log'], message: string) => {
  let running: Promise<void> | undefined
  let again = false
  const once = async (): Promise<void> => {
    do {
      again = false
      await work().catch((error: unknown) => log('warn', message, { error: String(error) }))
    } while (again)
  }
  return async (): Promise<void> => {
    again = true
    running ??= once().finally(() => {
      running = undefined
    })
    return running
  }
}

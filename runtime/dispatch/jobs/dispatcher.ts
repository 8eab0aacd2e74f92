import type { Database } from '../../store/database.ts'
import { claimJob, expireLeases } from '../../store/job-leases.ts'
import { cancelOrphans, channels, listQueued, type QueuedRow } from '../../store/jobs.ts'
import type { Lease, LeaseRequest } from '../protocol.ts'
import { type Asking, createPlacement } from './place.ts'

/** How often expired leases are taken back, in ms. */
const patrolEvery = 2_000
/** How often the table is read for jobs that no hint told of, in ms. */
const readEvery = 5_000

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

  const offer = (job: QueuedRow): void => {
    if (placement.has(job.id)) return
    placement.put({ ...job, since: job.createdAt.getTime() })
    for (const poll of polls) {
      if (!can(poll.asking, job)) continue
      poll.wake()
      return
    }
  }
  const read = async (): Promise<void> => {
    const rows = await listQueued(database)
    const there = new Set(rows.map(({ id }) => id))
    for (const id of [...placement.ids()]) if (!there.has(id)) placement.remove(id)
    for (const job of rows) offer(job)
    // Whoever was woken for a job may have left since.
    if (placement.size() > 0) for (const poll of polls) poll.wake()
  }
  const reading = guarded(read, log, 'The queue of jobs could not be read.')
  const hear = async (id: string): Promise<void> => {
    for (const job of await listQueued(database, id)) offer(job)
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
    await database.listen(channels.queued, (id) => void hear(id).catch(() => undefined)),
    await database.listen(channels.changed, tell),
  ]
  const timers = [setInterval(patrol, patrolEvery), setInterval(reading, readEvery)]
  for (const timer of timers) timer.unref()
  await reading()

  const tryNow = async (asking: Asking, worker: string): Promise<Lease | undefined> => {
    for (let job = placement.take(asking); job; job = placement.take(asking)) {
      const leased = await claimJob(database.query, { workspace: asking.workspace, id: worker }, job.id)
      if (leased) return leased
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
          const job = await tryNow(asking, worker)
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

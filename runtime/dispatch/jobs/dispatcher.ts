import type { Database } from '../../store/database.ts'
import { listEnds, listHeld } from '../../store/held-jobs.ts'
import { claimJob, endLease, expireLeases } from '../../store/job-leases.ts'
import { cancelOrphans, channels, listQueued, listQueuedPlaces, placeOf, type QueuedRow } from '../../store/jobs.ts'
import type { Lease, LeaseRequest } from '../protocol.ts'
import { type Asked, createHandOut } from './hand-out.ts'
import type { Space } from './place.ts'

/** How often expired leases are taken back, in ms. */
const patrolEvery = 2_000
/** A server that was away lets workers come back before it takes leases, in ms: they call again after 3 s at most. */
const firstPatrolAfter = 6_000
/** How often the table is read for jobs that no hint told of, in ms. */
const readEvery = 5_000
/** Unknown jobs that are read at once. */
const pageSize = 5_000

export type JobDispatcherOptions = {
  database: Database
  /** What a worker has with none of its jobs; undefined where it has no jobs, or nothing is known of it. */
  whole?: (worker: string) => Space | undefined
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}
export type JobDispatcher = {
  /** The next job for a worker, leased to it, or undefined after `request.wait` seconds. */
  next: (of: Asked, request: LeaseRequest, signal: AbortSignal) => Promise<Lease | undefined>
  /** Calls `heard` with the ids of jobs that changed. Hints only. Returns a function that stops it. */
  onChange: (heard: (id: string) => void) => () => void
  /** Whether a worker that can do it would get this job next. */
  isNext: (id: string) => boolean
  /** What a worker had free when it asked last. */
  asked: (worker: string) => Space | undefined
  /** Reads the table now. */
  read: () => Promise<void>
  stop: () => Promise<void>
}

/**
 * Hands queued jobs to workers that ask. The table decides who has a job; what is in memory only says whom to try first.
 * A notification brings new jobs at once, reading the table brings those that no notification told of.
 */
export const createJobDispatcher = async (options: JobDispatcherOptions): Promise<JobDispatcher> => {
  const { database, whole = () => undefined, log } = options
  const listeners = new Set<(id: string) => void>()
  const stopping = new AbortController()
  /** A lease that nobody is there to use. Where this fails too, the lease runs out. */
  const letGo = async (of: Asked, { job, attempt }: Lease): Promise<void> => {
    await endLease(database.query, { ...of, job, attempt }, { attempt, status: 'released' }).catch((error: unknown) =>
      log('warn', 'a lease could not be given back; it runs out', { job, error: String(error) }),
    )
  }
  const handOut = createHandOut({
    claim: ({ workspace, worker }, job) => claimJob(database.query, { workspace, id: worker }, job),
    letGo,
    whole,
    now: Date.now,
  })

  /** What came or was taken while the table is being read: what the table said of these is older. */
  let moved = new Set<string>()
  handOut.onTake((id) => moved.add(id))
  const offer = (job: QueuedRow): void => {
    if (handOut.has(job.id)) return
    moved.add(job.id)
    handOut.put({ ...job, since: job.createdAt.getTime() })
  }
  const read = async (): Promise<void> => {
    moved = new Set()
    const places = await listQueuedPlaces(database)
    const there = new Set(places.map(({ id }) => id))
    for (const id of [...handOut.ids()]) if (!there.has(id) && !moved.has(id)) handOut.remove(id)
    const unknown = places.filter(({ id }) => !handOut.has(id) && !moved.has(id))
    for (let at = 0; at < unknown.length; at += pageSize)
      for (const job of await listQueued(database, unknown.slice(at, at + pageSize))) if (!moved.has(job.id)) offer(job)
    handOut.wakeAll()
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
  /** Jobs that come while others are looked up are looked up together. */
  let heard: string[] = []
  const hearing = guarded(
    async () => {
      const places = heard.map(placeOf)
      heard = []
      for (const job of await listQueued(database, places)) offer(job)
    },
    log,
    'A new job could not be read; the table is read soon.',
  )
  const hear = (place: string): void => {
    heard.push(place)
    void hearing()
  }
  const tell = (id: string): void => {
    for (const listener of listeners) listener(id)
  }
  /** Sees who has which job by now, whichever server gave it: tenants are charged for what they really take. */
  const weigh = async (): Promise<void> => {
    const { meter } = handOut
    const before = meter.held()
    const leases = await listHeld(database.query)
    for (const lease of leases) if (!meter.has(lease.id, lease.attempt)) meter.begin(lease)
    const there = new Set(leases.map(({ id }) => id))
    const gone = before.filter(({ id }) => !there.has(id))
    const ends = new Map((await listEnds(database.query, gone)).map(({ id, ago }) => [id, ago]))
    for (const { id } of gone) meter.end(id, ends.get(id))
    handOut.patrol()
  }
  const begun = performance.now()
  const patrol = guarded(
    async () => {
      await cancelOrphans(database.query)
      await weigh()
      if (performance.now() - begun < firstPatrolAfter) return
      const expired = await expireLeases(database.query)
      if (expired > 0) log('warn', 'jobs lost their workers', { jobs: expired })
    },
    log,
    'Leases could not be looked at.',
  )

  const deaf = [await database.listen(channels.queued, hear), await database.listen(channels.changed, tell)]
  const timers = [setInterval(patrol, patrolEvery), setInterval(readInTurn, readEvery)]
  for (const timer of timers) timer.unref()
  await reading()

  return {
    next: (of, { wait, ...request }, signal) => {
      const until = AbortSignal.any([signal, stopping.signal, AbortSignal.timeout(wait * 1_000)])
      return handOut.next(of, request, until, signal)
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    isNext: handOut.isNext,
    asked: handOut.asked,
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

import type { Database } from '../../store/database.ts'
import { claimJob, expireLeases } from '../../store/job-leases.ts'
import { jobChannel, listQueued, type StoredJob, statesOf } from '../../store/jobs.ts'
import type { LeaseRequest } from '../protocol.ts'
import { type Asker, createPlacement, fits, type WaitingJob } from './place.ts'

/** How often expired leases are taken back, in ms. */
const patrolEvery = 2_000
/** How often the table is read for jobs that no hint told of, in ms. */
const readEvery = 5_000
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
  ) => Promise<StoredJob | undefined>
  /** Calls `heard` with the ids of jobs that changed. Hints only. Returns a function that stops it. */
  onChange: (heard: (id: string) => void) => () => void
  /** Whether other jobs go before this one. */
  isBehind: (id: string) => boolean
  /** Reads the table now. */
  read: () => Promise<void>
  stop: () => Promise<void>
}

type Poll = { asker: Asker; wake: () => void }

/**
 * Hands queued jobs to workers that ask. The table decides who has a job; what is in memory only says whom to try first.
 * A notification brings new jobs at once, reading the table brings those that no notification told of.
 */
export const createJobDispatcher = async ({ database, log }: JobDispatcherOptions): Promise<JobDispatcher> => {
  const placement = createPlacement()
  const polls = new Set<Poll>()
  const listeners = new Set<(id: string) => void>()
  const stopping = new AbortController()

  const offer = (job: WaitingJob): void => {
    if (!placement.add(job)) return
    for (const poll of polls) {
      if (poll.asker.workspace !== job.workspace || !fits(job.needs, poll.asker)) continue
      poll.wake()
      return
    }
  }
  const read = async (): Promise<void> => {
    let after: string | null = null
    do {
      const page = await listQueued(database.query, pageSize, after)
      for (const job of page) offer(job)
      after = page.length === pageSize ? (page.at(-1)?.id ?? null) : null
    } while (after !== null)
  }
  const reading = guarded(read, log, 'The queue of jobs could not be read.')

  const hear = async (id: string): Promise<void> => {
    for (const heard of listeners) heard(id)
    const [found] = await statesOf(database.query, [id])
    if (found?.state === 'queued') return reading()
    placement.remove(id)
  }
  const patrol = guarded(
    async () => {
      const expired = await expireLeases(database.query)
      for (const { id, state } of expired) {
        log('warn', 'a job lost its worker', { job: id, now: state })
        for (const heard of listeners) heard(id)
      }
      if (expired.some(({ state }) => state === 'queued')) await read()
    },
    log,
    'Leases could not be looked at.',
  )

  const deafen = await database.listen(jobChannel, (id) => void hear(id).catch(() => undefined))
  const timers = [setInterval(patrol, patrolEvery), setInterval(reading, readEvery)]
  for (const timer of timers) timer.unref()
  await reading()

  const tryNow = async (asker: Asker, worker: string): Promise<StoredJob | undefined> => {
    for (let job = placement.next(asker); job; job = placement.next(asker)) {
      const leased = await claimJob(database.query, asker.workspace, job.id, worker)
      if (leased) return leased
    }
    return undefined
  }

  return {
    next: async ({ workspace, worker }, request, signal) => {
      const { capabilities, gpus, memory, wait } = request
      const asker: Asker = { workspace, capabilities, gpus, memory }
      const until = AbortSignal.any([signal, stopping.signal, AbortSignal.timeout(wait * 1_000)])
      while (!until.aborted) {
        const woken = Promise.withResolvers<void>()
        const poll: Poll = { asker, wake: woken.resolve }
        // In line before it looks: a job that comes in between must find somebody to wake.
        polls.add(poll)
        const done = () => woken.resolve()
        until.addEventListener('abort', done, { once: true })
        try {
          const job = await tryNow(asker, worker)
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
    isBehind: placement.isBehind,
    read: reading,
    stop: async () => {
      stopping.abort()
      for (const timer of timers) clearInterval(timer)
      await deafen()
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

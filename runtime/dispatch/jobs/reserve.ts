import { type Asking, fits, type Placement, type Space, type TakenJob, type WaitingJob } from './place.ts'

/** How long a job waits before a worker is kept free for it, in ms. */
export const reserveAfter = 5 * 60_000
/** A worker that asked for nothing for so long keeps nothing free, in ms: a long poll lasts 30 s at most. */
const silence = 60_000

/** A worker that asks. `whole` is what it had free with none of its jobs; only where it has some. */
export type Asker = Asking & { worker: string; whole?: Space | undefined }

export type Reserving = Omit<Placement, 'first' | 'take'> & {
  take: (asker: Asker) => TakenJob | undefined
  /** Whether this worker keeps what it has free for a job that it was promised to. */
  keeps: (worker: string) => boolean
  /** Puts jobs back whose workers ask no more; `asking` are those that wait for an answer. */
  patrol: (asking: ReadonlySet<string>) => void
}
export type ReservingOptions = {
  now: () => number
  /** This worker keeps nothing free any more: it may be given something else. */
  onFree: (worker: string) => void
  /** This job waits again for anybody. */
  onBack: (job: WaitingJob) => void
}

type Promised = { worker: string; job: TakenJob; heard: number }

/**
 * A queue in which large jobs do not starve. Where the job whose turn it is has waited for long and a worker could do it, but
 * for smaller jobs that it works on, the job is promised that worker: it takes nothing else until there is room. The job's
 * tenant is charged by then, so promises are shared out as fairly as workers. Whoever has room for a promised job sooner gets it.
 */
export const createReserving = (queue: Placement, { now, onFree, onBack }: ReservingOptions): Reserving => {
  /** By worker, the oldest first. */
  const promises = new Map<string, Promised>()
  const workers = new Map<string, string>()
  const drop = ({ worker, job }: Promised): void => {
    promises.delete(worker)
    workers.delete(job.id)
  }
  const giveBack = (promised: Promised): void => {
    drop(promised)
    const { charged, ...job } = promised.job
    queue.charge(job.workspace, job.tenant, -charged)
    queue.put(job)
    onBack(job)
  }
  const promisedTo = (id: string) => promises.get(workers.get(id) ?? '')
  const forget = (id: string): boolean => {
    const promised = promisedTo(id)
    if (!promised) return false
    drop(promised)
    queue.charge(promised.job.workspace, promised.job.tenant, -promised.job.charged)
    onFree(promised.worker)
    return true
  }
  /** Its own, or where it was promised to none, the oldest that waits for room elsewhere. */
  const redeem = (asker: Asker): TakenJob | undefined => {
    const own = promises.get(asker.worker)
    for (const promised of own ? [own] : promises.values()) {
      const { job, worker } = promised
      if (job.workspace !== asker.workspace || !fits(job.needs, asker)) continue
      drop(promised)
      if (worker !== asker.worker) onFree(worker)
      return job
    }
    return undefined
  }
  /** What it could do with none of its jobs. */
  const emptied = (asker: Asker): Asker | undefined => {
    const { whole } = asker
    if (!whole) return undefined
    return { ...asker, gpus: Math.max(whole.gpus, asker.gpus), memory: Math.max(whole.memory, asker.memory) }
  }

  return {
    has: (id) => workers.has(id) || queue.has(id),
    size: () => promises.size + queue.size(),
    ids: function* () {
      yield* workers.keys()
      yield* queue.ids()
    },
    put: (job) => {
      forget(job.id)
      queue.put(job)
    },
    remove: (id) => forget(id) || queue.remove(id),
    charge: queue.charge,
    forget: queue.forget,
    keeps: (worker) => promises.has(worker),
    isNext: (id) => workers.has(id) || queue.isNext(id),
    take: (asker) => {
      const redeemed = redeem(asker)
      if (redeemed) return redeemed
      const own = promises.get(asker.worker)
      const empty = emptied(asker)
      if (own && empty && fits(own.job.needs, empty)) {
        own.heard = now()
        return undefined
      }
      // Its jobs are over, and there is no room for this one all the same.
      if (own) giveBack(own)
      const due = empty && queue.first(empty)
      if (empty && due && !fits(due.needs, asker) && now() - due.since >= reserveAfter) {
        const job = queue.take(empty)
        if (!job) return undefined
        promises.set(asker.worker, { worker: asker.worker, job, heard: now() })
        workers.set(job.id, asker.worker)
        return undefined
      }
      return queue.take(asker)
    },
    patrol: (asking) => {
      for (const promised of promises.values()) {
        if (asking.has(promised.worker)) promised.heard = now()
        else if (now() - promised.heard > silence) giveBack(promised)
      }
    },
  }
}

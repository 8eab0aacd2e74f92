import type { Lease, LeaseRequest } from '../protocol.ts'
import { createMeter, type HeldJob, type Meter } from './meter.ts'
import { createPlacement, fits, type Space, type TakenJob, type WaitingJob } from './place.ts'
import { type Asker, createReserving } from './reserve.ts'

/**
 * GPU-seconds that a tenant may be ahead of another one where its job needs more GPUs, so that large machines are there for
 * large jobs. An hour of one GPU: of tenants with 100,000 jobs on 1,000 machines, each had got 870 hours when the first was done.
 */
const packingSlack = 3_600

/** A worker of a workspace. */
export type Asked = { workspace: string; worker: string }
export type HandOutOptions = {
  /** Leases a job to a worker for good; undefined where it waits no longer, such as when another process was quicker. */
  claim: (to: Asked, job: string) => Promise<Lease | undefined>
  /** Gives back a lease that nobody is there to use. Does not reject. */
  letGo: (of: Asked, lease: Lease) => Promise<void>
  /** What a worker has with none of its jobs; undefined where it has no jobs, or nothing is known of it. */
  whole: (worker: string) => Space | undefined
  /** Milliseconds, of the clock that jobs' ages are told by. */
  now: () => number
}
export type HandOut = {
  has: (id: string) => boolean
  size: () => number
  ids: () => Iterable<string>
  /** A job waits. Whoever asks and can do it is woken. */
  put: (job: WaitingJob) => void
  remove: (id: string) => boolean
  isNext: (id: string) => boolean
  /** The next job for a worker, leased to it; undefined when `until` aborts first. `gone`: nobody is there to take one. */
  next: (
    to: Asked,
    request: Omit<LeaseRequest, 'wait'>,
    until: AbortSignal,
    gone: AbortSignal,
  ) => Promise<Lease | undefined>
  /** What a worker asked with when it asked last; undefined where it has not yet. */
  asked: (worker: string) => Space | undefined
  /** Calls `heard` with a job that leaves the queue. */
  onTake: (heard: (id: string) => void) => void
  meter: Pick<Meter, 'begin' | 'has' | 'held' | 'end'>
  /** To be called now and then: charges what goes on for long, and puts back what was promised to workers that are gone. */
  patrol: () => void
  /** Wakes all who wait, such as when somebody who was woken may have left. */
  wakeAll: () => void
}

/** `told`: jobs that it was woken for, and nobody else. */
type Poll = { asking: Omit<Asker, 'whole'>; told: Map<string, WaitingJob>; wake: () => void }

/** Hands jobs in memory to workers that ask, in the order of place.ts and reserve.ts, and lets those wait for whom there is none. */
export const createHandOut = ({ claim, letGo, whole, now }: HandOutOptions): HandOut => {
  const polls = new Set<Poll>()
  const spaces = new Map<string, Space>()
  const takers = new Set<(id: string) => void>()

  /** The first who was not woken yet: two jobs that come at once are for two workers. */
  const wakeFor = (job: WaitingJob): void => {
    let able: Poll | undefined
    for (const poll of polls) {
      const { asking } = poll
      if (asking.workspace !== job.workspace || !fits(job.needs, asking) || queue.keeps(asking.worker)) continue
      able ??= poll
      if (poll.told.size > 0) continue
      able = poll
      break
    }
    able?.told.set(job.id, job)
    able?.wake()
  }
  /** It took another one, left, or keeps what it has for another: somebody else must hear of what it was told. */
  const passOn = ({ told }: Poll): void => {
    const jobs = [...told.values()]
    told.clear()
    for (const job of jobs) if (queue.has(job.id)) wakeFor(job)
  }
  const meter: Meter = createMeter({ charge: (...what) => queue.charge(...what), now })
  const queue = createReserving(createPlacement(meter.price, packingSlack), {
    now,
    onFree: (worker) => {
      for (const poll of polls) if (poll.asking.worker === worker) poll.wake()
    },
    onBack: wakeFor,
  })

  const refund = ({ workspace, tenant, charged }: TakenJob) => queue.charge(workspace, tenant, -charged)
  const held = (job: TakenJob, attempt: number): HeldJob => ({ ...job, attempt })
  const tryNow = async (asking: Poll['asking'], gone: AbortSignal): Promise<Lease | undefined> => {
    const { workspace, worker } = asking
    const to = { workspace, worker }
    while (!gone.aborted) {
      const job = queue.take({ ...asking, whole: whole(worker) })
      if (!job) return undefined
      for (const heard of takers) heard(job.id)
      let leased: Lease | undefined
      try {
        leased = await claim(to, job.id)
      } catch (error) {
        refund(job)
        const { charged: _, ...waiting } = job
        queue.put(waiting)
        wakeFor(waiting)
        throw error
      }
      if (leased && !gone.aborted) {
        meter.begin(held(job, leased.attempt), job.charged)
        return leased
      }
      refund(job)
      if (leased) await letGo(to, leased)
    }
    return undefined
  }

  return {
    has: queue.has,
    size: queue.size,
    ids: queue.ids,
    put: (job) => {
      queue.put(job)
      wakeFor(job)
    },
    remove: queue.remove,
    isNext: queue.isNext,
    next: async (to, { capabilities, gpus, memory }, until, gone) => {
      spaces.set(to.worker, { gpus, memory })
      let woken = Promise.withResolvers<void>()
      const asking = { ...to, capabilities, gpus, memory }
      const poll: Poll = { asking, told: new Map(), wake: () => woken.resolve() }
      const done = () => poll.wake()
      // In line before it looks: a job that comes in between must find somebody to wake.
      polls.add(poll)
      until.addEventListener('abort', done, { once: true })
      try {
        while (!until.aborted) {
          woken = Promise.withResolvers<void>()
          const lease = await tryNow(asking, gone)
          if (lease) return lease
          passOn(poll)
          await woken.promise
        }
        return undefined
      } finally {
        polls.delete(poll)
        until.removeEventListener('abort', done)
        passOn(poll)
      }
    },
    asked: (worker) => spaces.get(worker),
    onTake: (heard) => void takers.add(heard),
    meter,
    patrol: () => {
      meter.look()
      queue.patrol(new Set([...polls].map(({ asking }) => asking.worker)))
      queue.forget()
    },
    wakeAll: () => {
      for (const poll of polls) poll.wake()
    },
  }
}

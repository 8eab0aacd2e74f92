import type { JobNeeds } from '../protocol.ts'

/** A job that a worker has. */
export type HeldJob = { workspace: string; id: string; attempt: number; tenant: string; needs: Pick<JobNeeds, 'gpus'> }

/** Seconds that a job is thought to take while nothing is known of its tenant's. */
export const firstGuess = 60
/** How much the newest job says of the next one's length. */
const newest = 0.3
/** Tenants whose lengths are remembered. */
const mostMeans = 10_000

export type MeterOptions = {
  /** Adds GPU-seconds to what a tenant was given, or takes them off. */
  charge: (workspace: string, tenant: string, amount: number) => void
  /** Milliseconds, of any clock that goes on evenly. */
  now: () => number
}
export type Meter = {
  /** What a job is thought to cost: GPU-seconds, by the length of its tenant's jobs so far. */
  price: (job: Pick<HeldJob, 'workspace' | 'tenant' | 'needs'>) => number
  /** A worker has it now, and `charged` was charged; without it, it is charged here. Once per attempt. */
  begin: (job: HeldJob, charged?: number) => void
  has: (id: string, attempt: number) => boolean
  held: () => HeldJob[]
  /** Charges what goes on for longer than was thought. */
  look: () => void
  /** It ended so many milliseconds ago: what it really took is what counts. */
  end: (id: string, ago?: number) => void
}

/** A job without a GPU takes a worker's place too: it counts as one with one. */
const weightOf = ({ gpus }: Pick<JobNeeds, 'gpus'>) => Math.max(1, gpus)

/**
 * Charges tenants for the GPU-seconds that their jobs take: an estimate when a job begins, more while it goes on for longer,
 * the difference at its end. Pure: it is told what happens.
 */
export const createMeter = ({ charge, now }: MeterOptions): Meter => {
  const held = new Map<string, HeldJob & { since: number; charged: number }>()
  const means = new Map<string, number>()
  const keyOf = (job: Pick<HeldJob, 'workspace' | 'tenant'>) => `${job.workspace}/${job.tenant}`

  const learn = (key: string, seconds: number): void => {
    const before = means.get(key)
    means.delete(key)
    means.set(key, before === undefined ? seconds : before + newest * (seconds - before))
    for (const oldest of means.keys()) {
      if (means.size <= mostMeans) return
      means.delete(oldest)
    }
  }
  const price: Meter['price'] = (job) => (means.get(keyOf(job)) ?? firstGuess) * weightOf(job.needs)
  const end: Meter['end'] = (id, ago = 0) => {
    const job = held.get(id)
    if (!job) return
    held.delete(id)
    const seconds = Math.max(0, now() - ago - job.since) / 1_000
    charge(job.workspace, job.tenant, seconds * weightOf(job.needs) - job.charged)
    learn(keyOf(job), seconds)
  }
  return {
    price,
    begin: (job, charged) => {
      const known = held.get(job.id)
      if (known && known.attempt >= job.attempt) {
        if (charged !== undefined) charge(job.workspace, job.tenant, -charged)
        return
      }
      end(job.id)
      const { workspace, id, attempt, tenant, needs } = job
      const cost = charged ?? price(job)
      if (charged === undefined) charge(workspace, tenant, cost)
      held.set(id, { workspace, id, attempt, tenant, needs, since: now(), charged: cost })
    },
    has: (id, attempt) => held.get(id)?.attempt === attempt,
    held: () => [...held.values()],
    look: () => {
      for (const job of held.values()) {
        const more = ((now() - job.since) / 1_000) * weightOf(job.needs) - job.charged
        if (more <= 0) continue
        job.charged += more
        charge(job.workspace, job.tenant, more)
      }
    },
    end,
  }
}

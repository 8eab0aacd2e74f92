import type { JobNeeds } from '../protocol.ts'

/** A queued job as placement sees it. */
export type WaitingJob = { id: string; workspace: string; tenant: string; priority: number; needs: JobNeeds }
/** A worker that asks for work: what it has free. Memory in bytes, on each GPU or of the machine. */
export type Asker = { workspace: string; capabilities: readonly string[]; gpus: number; memory: number }

export type Placement = {
  /** False when it is there already. */
  add: (job: WaitingJob) => boolean
  remove: (id: string) => void
  has: (id: string) => boolean
  /** Takes out the job that this worker should do. */
  next: (asker: Asker) => WaitingJob | undefined
  /** Whether another job of its tenant, or a tenant that was served less, goes before this one. */
  isBehind: (id: string) => boolean
  size: () => number
}

/** Whether a worker has what a job needs. */
export const fits = ({ capability, gpus, memory }: JobNeeds, asker: Omit<Asker, 'workspace'>): boolean =>
  asker.capabilities.includes(capability) && asker.gpus >= gpus && asker.memory >= memory

/** First in, first out; jobs that were taken out from the middle are stepped over when their turn comes. */
type Line = { needs: JobNeeds; priority: number; jobs: WaitingJob[]; head: number }
type Tenant = {
  /** Jobs that it was given, never far behind those of others: a tenant that comes late does not catch up on the past. */
  served: number
  waiting: number
  /** One per priority and needs, of which there are few. */
  lines: Map<string, Line>
}

/**
 * Decides which waiting job a worker gets: of the tenant that was served least, the one of highest priority, then the
 * oldest that the worker can do. Everything is in memory, and a decision looks at the heads of lines, never at all jobs.
 */
export const createPlacement = (): Placement => {
  const workspaces = new Map<string, Map<string, Tenant>>()
  const known = new Map<string, WaitingJob>()

  const tenantOf = ({ workspace, tenant }: WaitingJob): Tenant => {
    let tenants = workspaces.get(workspace)
    if (!tenants) workspaces.set(workspace, (tenants = new Map()))
    let found = tenants.get(tenant)
    if (!found) tenants.set(tenant, (found = { served: 0, waiting: 0, lines: new Map() }))
    if (found.waiting === 0) {
      let least = Number.POSITIVE_INFINITY
      for (const other of tenants.values()) if (other.waiting > 0) least = Math.min(least, other.served)
      if (least !== Number.POSITIVE_INFINITY) found.served = Math.max(found.served, least)
    }
    return found
  }

  /** The first job of a line that still waits. */
  const head = (line: Line): WaitingJob | undefined => {
    while (line.head < line.jobs.length) {
      const job = line.jobs[line.head] as WaitingJob
      if (known.get(job.id) === job) return job
      line.head += 1
    }
    line.jobs = []
    line.head = 0
    return undefined
  }

  const before = (a: WaitingJob, b: WaitingJob): boolean =>
    a.priority === b.priority ? a.id < b.id : a.priority > b.priority

  const firstOf = (tenant: Tenant, may: (needs: JobNeeds) => boolean): WaitingJob | undefined => {
    let first: WaitingJob | undefined
    for (const [key, line] of tenant.lines) {
      if (!may(line.needs)) continue
      const job = head(line)
      if (!job) tenant.lines.delete(key)
      else if (!first || before(job, first)) first = job
    }
    return first
  }

  const forget = (job: WaitingJob): void => {
    known.delete(job.id)
    const tenants = workspaces.get(job.workspace)
    const tenant = tenants?.get(job.tenant)
    if (tenant) tenant.waiting -= 1
  }

  return {
    add: (job) => {
      if (known.has(job.id)) return false
      const tenant = tenantOf(job)
      const { capability, gpus, memory } = job.needs
      const key = `${job.priority} ${capability} ${gpus} ${memory}`
      const line = tenant.lines.get(key) ?? { needs: job.needs, priority: job.priority, jobs: [], head: 0 }
      tenant.lines.set(key, line)
      line.jobs.push(job)
      tenant.waiting += 1
      known.set(job.id, job)
      return true
    },
    remove: (id) => {
      const job = known.get(id)
      if (job) forget(job)
    },
    has: (id) => known.has(id),
    next: (asker) => {
      let best: { tenant: Tenant; job: WaitingJob } | undefined
      for (const tenant of workspaces.get(asker.workspace)?.values() ?? []) {
        if (tenant.waiting === 0 || (best && tenant.served > best.tenant.served)) continue
        const job = firstOf(tenant, (needs) => fits(needs, asker))
        if (job && (!best || tenant.served < best.tenant.served || job.id < best.job.id)) best = { tenant, job }
      }
      if (!best) return undefined
      best.tenant.served += 1
      forget(best.job)
      return best.job
    },
    isBehind: (id) => {
      const job = known.get(id)
      if (!job) return false
      const tenants = workspaces.get(job.workspace)
      const own = tenants?.get(job.tenant)
      if (!tenants || !own) return false
      if (firstOf(own, (needs) => needs.capability === job.needs.capability) !== job) return true
      return [...tenants.values()].some((tenant) => tenant.waiting > 0 && tenant.served < own.served)
    },
    size: () => known.size,
  }
}

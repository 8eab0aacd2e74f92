import type { JobNeeds, LeaseRequest } from '../protocol.ts'
import { createHeap, type Heap } from './heap.ts'

/** A job that waits. `since` is in Unix milliseconds. */
export type WaitingJob = {
  workspace: string
  id: string
  tenant: string
  priority: number
  needs: JobNeeds
  since: number
}
/** A job that left the queue, with what its tenant was charged for it. */
export type TakenJob = WaitingJob & { charged: number }
/** What a worker has: GPUs, and bytes of memory on each or of the machine. */
export type Space = Pick<LeaseRequest, 'gpus' | 'memory'>
/** A worker that asks, with what it has free. */
export type Asking = Space & { workspace: string; capabilities: readonly string[] }

/** One step of priority counts as much as having waited so many milliseconds longer: urgent jobs go first, and none starves. */
export const priorityStep = 5 * 60_000

/** Twice as many GPUs count like a step of priority: what only few workers can do goes before what all can do. */
const orderOf = ({ since, priority, needs: { gpus } }: WaitingJob): number =>
  since - (priority + Math.log2(Math.max(1, gpus))) * priorityStep

type Entry = { job: WaitingJob; order: number }
/** The jobs of a tenant that need about the same, and what all its jobs have been given. */
type Line = { tenant: Tenant; shape: Shape; jobs: Heap<Entry> }
type Tenant = { name: string; given: number; lines: Map<Shape, Line>; waiting: number }
/** What jobs need, with memory rounded up: few differ, however many jobs there are and whatever they need. */
type Shape = { needs: JobNeeds; below: number; lines: Heap<Line> }
type Room = { tenants: Map<string, Tenant>; shapes: Map<string, Shape>; reached: number }

export type Placement = {
  /** Again under the same id: what was known before is forgotten. */
  put: (job: WaitingJob) => void
  remove: (id: string) => boolean
  has: (id: string) => boolean
  size: () => number
  ids: () => Iterable<string>
  /** The job that this worker should get, which stays where it is. */
  first: (asking: Asking) => WaitingJob | undefined
  /** The same job; it leaves the queue, and its tenant is charged. */
  take: (asking: Asking) => TakenJob | undefined
  /** Corrects what a tenant was charged, in the same unit: a job took longer than was thought, or nobody got it. */
  charge: (workspace: string, tenant: string, amount: number) => void
  /** Forgets tenants that nothing waits of and that have no more than others: who comes anew begins there too. */
  forget: () => void
  /** Whether a worker that could do it would be given this job next. */
  isNext: (id: string) => boolean
}

export const fits = ({ capability, gpus, memory }: JobNeeds, asking: Asking): boolean =>
  gpus <= asking.gpus && memory <= asking.memory && asking.capabilities.includes(capability)

/** Sizes between one power of two and the next that are told apart. */
const sizes = 16
/** The needs that stand for all that are about the same: more than `below`, up to `memory`. */
const shapeOf = ({ capability, gpus, memory }: JobNeeds) => {
  const step = memory > 0 ? 2 ** Math.floor(Math.log2(memory)) / sizes : 0
  const upper = step > 0 ? Math.ceil(memory / step) * step : 0
  return { key: `${gpus}/${upper}/${capability}`, needs: { capability, gpus, memory: upper }, below: upper - step }
}
const byOrder = (a: Entry, b: Entry) => a.order - b.order || (a.job.id < b.job.id ? -1 : 1)
const firstOf = (line: Line): Entry => line.jobs.least() as Entry
/** The tenant that was given least goes first; of those that were given as much, the one whose job is first. */
const byGiven = (a: Line, b: Line) => a.tenant.given - b.tenant.given || byOrder(firstOf(a), firstOf(b))

/** A job that a worker could get next. */
type Turn = { line: Line; entry: Entry }
const leastOf = ({ lines }: Shape): Turn | undefined => {
  const line = lines.least()
  return line && { line, entry: firstOf(line) }
}
const byTenant = (a: Turn, b: Turn) => a.line.tenant.given - b.line.tenant.given || byOrder(a.entry, b.entry)
/** Machines are for what needs them: the job with most GPUs goes first. */
const byNeed = (a: Turn, b: Turn) => b.line.shape.needs.gpus - a.line.shape.needs.gpus || byTenant(a, b)

/**
 * Decides which waiting job a worker gets. Pure: no clock, no database. Tenants take turns by what they were given so far
 * (`cost` of each job, such as its seconds times its GPUs); where that is about the same, up to `slack`, the job that needs more
 * GPUs goes first. The jobs of one tenant go by age and priority. `take` is O(s log n) for s shapes of needs: 16 between one
 * power of two of memory and the next, for each number of GPUs and each capability.
 * @example const placement = createPlacement(); placement.put(job); placement.take({ workspace, capabilities: ['train'], gpus: 1, memory: 8e9 })
 */
export const createPlacement = (cost: (job: WaitingJob) => number = () => 1, slack = 0): Placement => {
  const rooms = new Map<string, Room>()
  const places = new Map<string, { entry: Entry; line: Line; room: Room }>()

  const roomOf = (workspace: string): Room => {
    let room = rooms.get(workspace)
    if (!room) {
      room = { tenants: new Map(), shapes: new Map(), reached: 0 }
      rooms.set(workspace, room)
    }
    return room
  }
  const tenantOf = (room: Room, name: string): Tenant => {
    let tenant = room.tenants.get(name)
    if (!tenant) {
      tenant = { name, given: room.reached, lines: new Map(), waiting: 0 }
      room.tenants.set(name, tenant)
    }
    return tenant
  }
  const lineOf = (room: Room, tenant: Tenant, needs: JobNeeds): Line => {
    const { key, ...about } = shapeOf(needs)
    let shape = room.shapes.get(key)
    if (!shape) {
      shape = { ...about, lines: createHeap(byGiven) }
      room.shapes.set(key, shape)
    }
    let line = tenant.lines.get(shape)
    if (!line) {
      line = { tenant, shape, jobs: createHeap(byOrder) }
      tenant.lines.set(shape, line)
    }
    return line
  }
  /** Puts all lines of a tenant to where they belong after `change`. A heap must not see keys change under it. */
  const rearrange = (tenant: Tenant, change: () => void) => {
    for (const line of tenant.lines.values()) line.shape.lines.remove(line)
    change()
    for (const line of tenant.lines.values()) if (line.jobs.size() > 0) line.shape.lines.put(line)
  }
  const drop = (id: string, then: (room: Room, tenant: Tenant) => void = () => undefined): boolean => {
    const place = places.get(id)
    if (!place) return false
    const { entry, line, room } = place
    const { tenant, shape } = line
    places.delete(id)
    rearrange(tenant, () => {
      line.jobs.remove(entry)
      tenant.waiting -= 1
      then(room, tenant)
      if (line.jobs.size() > 0) return
      tenant.lines.delete(shape)
      if (shape.lines.size() === 0) room.shapes.delete(shapeOf(shape.needs).key)
    })
    return true
  }
  /** What of a shape this worker should get. Only where its memory lies within the shape, jobs are looked at one by one. */
  const turnOf = (shape: Shape, asking: Asking): Turn | undefined => {
    const { needs, below, lines } = shape
    if (!fits({ ...needs, memory: 0 }, asking) || (needs.memory > 0 && asking.memory <= below)) return undefined
    if (needs.memory <= asking.memory) return leastOf(shape)
    let found: Turn | undefined
    for (const one of lines.all())
      for (const entry of one.jobs.all()) {
        const turn = { line: one, entry }
        if (fits(entry.job.needs, asking) && (!found || byTenant(turn, found) < 0)) found = turn
      }
    return found
  }
  const best = (room: Room | undefined, of: (shape: Shape) => Turn | undefined): Turn | undefined => {
    /** Each tenant's own. */
    const turns = new Map<Tenant, Turn>()
    let least = Number.POSITIVE_INFINITY
    for (const shape of room?.shapes.values() ?? []) {
      const turn = of(shape)
      if (!turn) continue
      const { tenant } = turn.line
      least = Math.min(least, tenant.given)
      const other = turns.get(tenant)
      if (!other || byOrder(turn.entry, other.entry) < 0) turns.set(tenant, turn)
    }
    let found: Turn | undefined
    for (const turn of turns.values())
      if (turn.line.tenant.given <= least + slack && (!found || byNeed(turn, found) < 0)) found = turn
    return found
  }
  const bestFor = (asking: Asking) => best(rooms.get(asking.workspace), (shape) => turnOf(shape, asking))

  return {
    has: (id) => places.has(id),
    size: () => places.size,
    ids: () => places.keys(),
    put: (job) => {
      drop(job.id)
      const room = roomOf(job.workspace)
      const tenant = tenantOf(room, job.tenant)
      // Who had nothing waiting saved nothing up: it begins where the others are.
      const given = tenant.waiting === 0 ? Math.max(tenant.given, room.reached) : tenant.given
      const entry = { job, order: orderOf(job) }
      const line = lineOf(room, tenant, job.needs)
      const add = () => {
        tenant.given = given
        tenant.waiting += 1
        line.jobs.put(entry)
      }
      // Only this line changes unless the tenant comes anew, and then it has no other.
      line.shape.lines.remove(line)
      add()
      line.shape.lines.put(line)
      places.set(job.id, { entry, line, room })
    },
    remove: (id) => drop(id),
    first: (asking) => bestFor(asking)?.entry.job,
    take: (asking) => {
      const job = bestFor(asking)?.entry.job
      if (!job) return undefined
      const charged = cost(job)
      drop(job.id, (of, tenant) => {
        of.reached = Math.max(of.reached, tenant.given)
        tenant.given += charged
      })
      return { ...job, charged }
    },
    charge: (workspace, name, amount) => {
      const tenant = tenantOf(roomOf(workspace), name)
      rearrange(tenant, () => {
        tenant.given = Math.max(0, tenant.given + amount)
      })
    },
    forget: () => {
      for (const { tenants, reached } of rooms.values())
        for (const { name, given, waiting } of tenants.values())
          if (waiting === 0 && given <= reached) tenants.delete(name)
    },
    isNext: (id) => {
      const place = places.get(id)
      if (!place) return false
      const next = best(place.room, (shape) => (shape === place.line.shape ? leastOf(shape) : undefined))
      return next?.entry === place.entry
    },
  }
}

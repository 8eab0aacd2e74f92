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

const orderOf = ({ since, priority, needs: { gpus } }: WaitingJob): number =>
  since - (priority + Math.log2(Math.max(1, gpus))) * priorityStep

type Entry = { job: WaitingJob; order: number }
/** The jobs of a tenant that need the same, and what all its jobs have been given. */
type Line = { tenant: Tenant; shape: Shape; jobs: Heap<Entry> }
type Tenant = { name: string; given: number; lines: Map<Shape, Line>; waiting: number }
/** What jobs need; few differ, however many jobs there are. */
type Shape = { needs: JobNeeds; lines: Heap<Line> }
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

const shapeKey = ({ capability, gpus, memory }: JobNeeds) => `${gpus}/${memory}/${capability}`
const byOrder = (a: Entry, b: Entry) => a.order - b.order || (a.job.id < b.job.id ? -1 : 1)
const firstOf = (line: Line): Entry => line.jobs.least() as Entry
/** The tenant that was given least goes first; of those that were given as much, the one whose job is first. */
const byGiven = (a: Line, b: Line) => a.tenant.given - b.tenant.given || byOrder(firstOf(a), firstOf(b))

/** Machines are for what needs them: the job with most GPUs goes first. */
const byNeed = (a: Line, b: Line) => b.shape.needs.gpus - a.shape.needs.gpus || byGiven(a, b)

/**
 * Decides which waiting job a worker gets. Pure: no clock, no database. Tenants take turns by what they were given so far
 * (`cost` of each job, such as its seconds times its GPUs); the jobs of one tenant go by age and priority. `take` is O(s log n)
 * for s different needs.
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
    const key = shapeKey(needs)
    let shape = room.shapes.get(key)
    if (!shape) {
      shape = { needs, lines: createHeap(byGiven) }
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
      if (shape.lines.size() === 0) room.shapes.delete(shapeKey(shape.needs))
    })
    return true
  }
  const best = (room: Room, wanted: (needs: JobNeeds) => boolean): Line | undefined => {
    /** Of each tenant the one whose turn it is. */
    const lines = new Map<Tenant, Line>()
    let least = Number.POSITIVE_INFINITY
    for (const shape of room.shapes.values()) {
      const line = wanted(shape.needs) ? shape.lines.least() : undefined
      if (!line) continue
      least = Math.min(least, line.tenant.given)
      const other = lines.get(line.tenant)
      if (!other || byOrder(firstOf(line), firstOf(other)) < 0) lines.set(line.tenant, line)
    }
    let found: Line | undefined
    for (const line of lines.values())
      if (line.tenant.given <= least + slack && (!found || byNeed(line, found) < 0)) found = line
    return found
  }
  const bestFor = (asking: Asking): Line | undefined => {
    const room = rooms.get(asking.workspace)
    return room && best(room, (needs) => fits(needs, asking))
  }

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
    first: (asking) => {
      const line = bestFor(asking)
      return line && firstOf(line).job
    },
    take: (asking) => {
      const line = bestFor(asking)
      if (!line) return undefined
      const { job } = firstOf(line)
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
      const next = best(place.room, (needs) => shapeKey(needs) === shapeKey(place.entry.job.needs))
      return next !== undefined && firstOf(next) === place.entry
    },
  }
}

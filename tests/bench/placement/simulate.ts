import { createHeap } from '#runtime/dispatch/jobs/heap.ts'
import type { SimulatedJob, SimulatedMachine } from './workload.ts'

/** A machine that asks: what it has free now, and in all. */
export type Machine = SimulatedMachine & { free: number; working: number }
/** Who decides. `given` is called for each job that a machine gets, with the real milliseconds that the decision took. */
export type Scheduler = {
  put: (job: SimulatedJob) => void
  /** Resolves when it is clear whether the machine gets something now. */
  ask: (machine: Machine) => Promise<void>
  ended: (job: SimulatedJob) => void
  /** A minute has passed. */
  minute: () => void
}
export type Hooks = { given: (machine: Machine, job: string, took: number) => void; now: () => number }
export type Placed = { job: SimulatedJob; machine: Machine; at: number }
export type Simulated = { placed: Placed[]; took: number[]; over: number }

type Event = { at: number; order: number; happens: () => void | Promise<void> }

/** Queues all jobs, then lets machines ask until everything is done. Times are in milliseconds of the simulated clock, from 0. */
export const simulate = async (
  jobs: readonly SimulatedJob[],
  machines: readonly SimulatedMachine[],
  create: (hooks: Hooks) => Scheduler,
): Promise<Simulated> => {
  const events = createHeap<Event>((a, b) => a.at - b.at || a.order - b.order)
  const byId = new Map(jobs.map((job) => [job.id, job]))
  const placed: Placed[] = []
  const took: number[] = []
  let now = 0
  let order = 0
  let working = 0
  const later = (ms: number, happens: Event['happens']) => {
    order += 1
    events.put({ at: now + ms, order, happens })
  }
  /** Machines with room left after they were given something; they ask again. */
  const again = new Set<Machine>()
  const given: Hooks['given'] = (machine, id, ms) => {
    const job = byId.get(id)
    if (!job || job.needs.gpus > machine.free || job.needs.memory > machine.memory)
      throw new Error(`Job ${id} cannot be done by ${machine.id}.`)
    took.push(ms)
    placed.push({ job, machine, at: now })
    machine.free -= job.needs.gpus
    machine.working += 1
    working += 1
    if (machine.free > 0) again.add(machine)
    later(job.seconds * 1_000, () => {
      machine.free += job.needs.gpus
      machine.working -= 1
      working -= 1
      scheduler.ended(job)
      again.add(machine)
    })
  }
  const scheduler = create({ given, now: () => now })
  for (const job of jobs) scheduler.put(job)
  for (const machine of machines) again.add({ ...machine, free: machine.gpus, working: 0 })
  const askAll = async () => {
    for (const machine of again) {
      again.delete(machine)
      await scheduler.ask(machine)
    }
  }
  const minute = () => {
    scheduler.minute()
    if (working > 0) later(60_000, minute)
  }
  later(60_000, minute)
  await askAll()
  for (let event = events.least(); event; event = events.least()) {
    events.remove(event)
    now = event.at
    await event.happens()
    await askAll()
  }
  if (placed.length !== jobs.length) throw new Error(`${jobs.length - placed.length} jobs were never placed.`)
  return { placed, took, over: now }
}

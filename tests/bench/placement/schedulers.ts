import { setImmediate as turn } from 'node:timers/promises'
import { createHandOut } from '#runtime/dispatch/jobs/hand-out.ts'
import { createPlacement } from '#runtime/dispatch/jobs/place.ts'
import type { Hooks, Machine, Scheduler } from './simulate.ts'

const workspace = 'w'
const capabilities = ['train']

/** The server's own code, with leases that are given at once. */
export const patchbay = ({ given, now }: Hooks): Scheduler => {
  const machines = new Map<string, Machine>()
  const waiting = new Map<string, AbortController>()
  /** When the decision in work began: with the question, or where that had to wait, with the look after it was woken. */
  let begun: number | undefined
  const handOut = createHandOut({
    claim: async ({ worker }, job) => {
      given(machines.get(worker) as Machine, job, performance.now() - (begun ?? 0))
      begun = undefined
      return { job, attempt: 1, kind: 'train', spec: {}, inputs: {}, checkpoint: null, ttl: 20 }
    },
    letGo: async () => undefined,
    whole: (id) => {
      begun ??= performance.now()
      const machine = machines.get(id)
      return machine && machine.working > 0 ? machine : undefined
    },
    now,
  })
  return {
    put: handOut.put,
    ask: async (machine) => {
      machines.set(machine.id, machine)
      // It asks again with what it has free by now, so its former question is over.
      waiting.get(machine.id)?.abort()
      const asks = new AbortController()
      waiting.set(machine.id, asks)
      const { free: gpus, memory } = machine
      begun = performance.now()
      const poll = handOut.next(
        { workspace, worker: machine.id },
        { capabilities, gpus, memory },
        asks.signal,
        asks.signal,
      )
      // Nothing of it needs time: who has no answer after a turn of the event loop waits.
      await Promise.race([poll, turn()])
      begun = undefined
    },
    ended: ({ id }) => handOut.meter.end(id),
    minute: handOut.patrol,
  }
}

/** First come, first served: whoever asks gets the oldest job that it can do. */
export const firstCome = ({ given }: Hooks): Scheduler => {
  const queue = createPlacement()
  return {
    // Nothing for large jobs here: the priority takes back what the queue gives them.
    put: (job) => queue.put({ ...job, tenant: 'all', priority: -Math.log2(job.needs.gpus) }),
    ask: async (machine) => {
      const begun = performance.now()
      const job = queue.take({ workspace, capabilities, gpus: machine.free, memory: machine.memory })
      if (job) given(machine, job.id, performance.now() - begun)
    },
    ended: () => undefined,
    minute: () => undefined,
  }
}

import { describe, expect, it } from 'vitest'
import type { Lease } from '../protocol.ts'
import { createHandOut, type HandOut, type HandOutOptions } from './hand-out.ts'
import type { WaitingJob } from './place.ts'
import { reserveAfter } from './reserve.ts'

const job = (id: string, gpus = 0, since = 0): WaitingJob => ({
  workspace: 'w',
  id,
  tenant: 'a',
  priority: 0,
  since,
  needs: { capability: 'train', gpus, memory: 0 },
})
const leaseOf = (id: string): Lease => ({
  job: id,
  attempt: 1,
  kind: 'train',
  spec: {},
  inputs: {},
  checkpoint: null,
  ttl: 20,
})
const open = (more: Partial<HandOutOptions> = {}) =>
  createHandOut({
    claim: async (_, id) => leaseOf(id),
    letGo: async () => undefined,
    whole: () => undefined,
    now: () => reserveAfter,
    ...more,
  })
/** A worker that asks: what it gets, and how it leaves. */
const ask = (handOut: HandOut, worker: string, gpus = 0) => {
  const leaves = new AbortController()
  const request = { capabilities: ['train'], gpus, memory: 0 }
  const got = handOut
    .next({ workspace: 'w', worker }, request, leaves.signal, leaves.signal)
    .then((lease) => lease?.job)
  return { got, leave: () => leaves.abort() }
}
/** Lets everything happen that waits for nothing outside. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('handing out jobs', () => {
  it('wakes somebody else where the one who was woken takes another job', async () => {
    const claims = Promise.withResolvers<void>()
    const handOut = open({
      claim: async (_, id) => {
        if (id === 'first') await claims.promise
        return leaseOf(id)
      },
    })
    handOut.put(job('first'))
    const one = ask(handOut, 'one')
    const two = ask(handOut, 'two')
    await settle()
    // The first worker is still in line while its lease is being written, and hears of the second job.
    handOut.put(job('second'))
    claims.resolve()
    expect([await one.got, await two.got]).toEqual(['first', 'second'])
  })
  it('wakes somebody else where the one who was woken leaves at that moment', async () => {
    const handOut = open()
    const one = ask(handOut, 'one')
    const two = ask(handOut, 'two')
    await settle()
    handOut.put(job('only'))
    one.leave()
    expect([await one.got, await two.got]).toEqual([undefined, 'only'])
  })
  it('wakes a worker for each of two jobs that come at once', async () => {
    const handOut = open()
    const both = [ask(handOut, 'one'), ask(handOut, 'two')]
    await settle()
    handOut.put(job('a'))
    handOut.put(job('b'))
    expect((await Promise.all(both.map(({ got }) => got))).toSorted()).toEqual(['a', 'b'])
  })
  it('goes on to the next job where another process was quicker, and charges nobody for it', async () => {
    const handOut = open({ claim: async (_, id) => (id === 'mine' ? leaseOf(id) : undefined) })
    handOut.put(job('taken', 0, 0))
    handOut.put(job('mine', 0, 1))
    expect(await ask(handOut, 'one').got).toBe('mine')
    expect(handOut.size()).toBe(0)
    expect(handOut.meter.held().map(({ id }) => id)).toEqual(['mine'])
  })
  it('gives to another worker what comes while one is kept free for a large job', async () => {
    const handOut = open({ whole: (worker) => (worker === 'busy' ? { gpus: 8, memory: 0 } : undefined) })
    handOut.put(job('large', 8))
    const busy = ask(handOut, 'busy', 1)
    const idle = ask(handOut, 'idle', 1)
    await settle()
    handOut.put(job('small', 1, 1))
    expect(await idle.got).toBe('small')
    // Its room has grown: it asks once more and gets what it was kept free for.
    expect(await ask(handOut, 'busy', 8).got).toBe('large')
    busy.leave()
    expect(await busy.got).toBeUndefined()
  })
  it('wakes a worker that was kept free when the job goes elsewhere', async () => {
    const handOut = open({ whole: (worker) => (worker === 'busy' ? { gpus: 8, memory: 0 } : undefined) })
    handOut.put(job('large', 8))
    handOut.put(job('small', 1, 1))
    const busy = ask(handOut, 'busy', 1)
    await settle()
    expect(await ask(handOut, 'large enough', 8).got).toBe('large')
    expect(await busy.got).toBe('small')
  })
})

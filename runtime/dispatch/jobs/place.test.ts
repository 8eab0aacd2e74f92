import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPlacement, priorityStep, type WaitingJob } from './place.ts'

const job = (id: string, more: Partial<WaitingJob> & { gpus?: number; memory?: number } = {}): WaitingJob => ({
  workspace: 'w',
  id,
  tenant: 'a',
  priority: 0,
  since: 0,
  needs: { capability: 'train', gpus: more.gpus ?? 0, memory: more.memory ?? 0 },
  ...more,
})
const asking = { workspace: 'w', capabilities: ['train'], gpus: 8, memory: 100 }
const drain = (placement: ReturnType<typeof createPlacement>, by = asking) => {
  const ids: string[] = []
  for (let got = placement.take(by); got; got = placement.take(by)) ids.push(got.id)
  return ids
}

describe('placement', () => {
  it('gives a worker only what it can do', () => {
    const placement = createPlacement()
    placement.put(job('gpu', { gpus: 2, memory: 10 }))
    for (const worker of [
      { ...asking, gpus: 1 },
      { ...asking, memory: 9 },
      { ...asking, capabilities: ['render'] },
      { ...asking, workspace: 'other' },
    ])
      expect(placement.take(worker)).toBeUndefined()
    expect(placement.take({ ...asking, gpus: 2, memory: 10 })?.id).toBe('gpu')
    expect(placement.size()).toBe(0)
  })
  it('lets the oldest of a tenant go first, and the urgent before it', () => {
    const placement = createPlacement()
    placement.put(job('new', { since: 20 }))
    placement.put(job('old', { since: 10 }))
    placement.put(job('urgent', { since: 30, priority: 1 }))
    expect(drain(placement)).toEqual(['urgent', 'old', 'new'])
  })
  it('lets nobody starve behind urgent jobs that keep coming', () => {
    const placement = createPlacement()
    placement.put(job('plain', { since: 0 }))
    placement.put(job('urgent', { since: priorityStep + 1, priority: 1 }))
    expect(drain(placement)).toEqual(['plain', 'urgent'])
  })
  it('lets tenants take turns, however many jobs one of them sends', () => {
    const placement = createPlacement()
    for (let at = 0; at < 10; at += 1) placement.put(job(`a${at}`, { since: at }))
    for (let at = 0; at < 2; at += 1) placement.put(job(`b${at}`, { since: 100 + at, tenant: 'b' }))
    expect(drain(placement).slice(0, 5)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2'])
  })
  it('counts what was given, not how many: long jobs weigh more', () => {
    const placement = createPlacement(({ tenant }) => (tenant === 'a' ? 3 : 1))
    for (let at = 0; at < 4; at += 1) placement.put(job(`a${at}`, { since: at }))
    for (let at = 0; at < 6; at += 1) placement.put(job(`b${at}`, { since: 50 + at, tenant: 'b' }))
    expect(drain(placement).slice(0, 6)).toEqual(['a0', 'b0', 'b1', 'b2', 'a1', 'b3'])
  })
  it('gives a tenant that comes late its turns from now on, not those that it missed', () => {
    const placement = createPlacement()
    for (let at = 0; at < 20; at += 1) placement.put(job(`a${at}`, { since: at }))
    for (let at = 0; at < 10; at += 1) placement.take(asking)
    for (let at = 0; at < 5; at += 1) placement.put(job(`b${at}`, { since: 100 + at, tenant: 'b' }))
    const next = drain(placement).slice(0, 4)
    expect(next.filter((id) => id.startsWith('b'))).toHaveLength(2)
  })
  it('gives what needs more GPUs first while tenants are about even, and never lets one fall behind for that', () => {
    const placement = createPlacement(() => 1, 2)
    for (let at = 0; at < 9; at += 1) placement.put(job(`large${at}`, { since: at, gpus: 8 }))
    for (let at = 0; at < 9; at += 1) placement.put(job(`small${at}`, { since: at, tenant: 'b' }))
    expect(drain(placement).slice(0, 6)).toEqual(['large0', 'large1', 'large2', 'small0', 'large3', 'small1'])
  })
  it('counts twice the GPUs like a step of priority within a tenant, so that small jobs do not starve', () => {
    const placement = createPlacement()
    placement.put(job('small', { since: 0 }))
    placement.put(job('pair', { since: priorityStep - 1, gpus: 2 }))
    placement.put(job('late', { since: priorityStep + 1, gpus: 2 }))
    expect(drain(placement)).toEqual(['pair', 'small', 'late'])
  })
  it('tells needs of almost the same memory apart where it matters', () => {
    const placement = createPlacement()
    const sizes = [79.2e9, 79.9e9, 79.5e9, 79.6e9]
    sizes.forEach((memory, since) => {
      placement.put(job(`${memory / 1e9}`, { memory, since }))
    })
    expect(drain(placement, { ...asking, memory: 79.5e9 })).toEqual(['79.2', '79.5'])
    expect(drain(placement, { ...asking, memory: 80e9 })).toEqual(['79.9', '79.6'])
  })
  it('looks at few jobs, however many wait and however different their needs are', () => {
    const placement = createPlacement()
    let looked = 0
    const watched = (needs: WaitingJob['needs']): WaitingJob['needs'] => ({
      ...needs,
      get memory() {
        looked += 1
        return needs.memory
      },
    })
    const put = job('x', { gpus: 1 })
    for (let at = 0; at < 6_000; at += 1)
      placement.put({
        ...put,
        id: `j${at}`,
        tenant: `t${at % 7}`,
        since: at,
        needs: watched({ ...put.needs, memory: at * 13e6 }),
      })
    looked = 0
    for (let at = 0; at < 100; at += 1)
      expect(placement.take({ ...asking, memory: 40e9 })?.needs.memory).toBeLessThan(40e9)
    // A sixteenth of the octave that 40 GB are in: a few hundred of them.
    expect(looked / 100).toBeLessThan(1_000)
  })
  it('says who is next and who stands behind others', () => {
    const placement = createPlacement()
    placement.put(job('first', { since: 0 }))
    placement.put(job('second', { since: 1 }))
    placement.put(job('alone', { since: 2, gpus: 1 }))
    expect(['first', 'second', 'alone', 'gone'].map(placement.isNext)).toEqual([true, false, true, false])
  })
  it('never loses or doubles a job, whatever is put, removed, charged and taken', () => {
    const action = fc.oneof(
      fc.record({
        do: fc.constant('put' as const),
        id: fc.nat(20),
        tenant: fc.nat(3),
        gpus: fc.nat(2),
        since: fc.nat(9),
      }),
      fc.record({ do: fc.constant('remove' as const), id: fc.nat(20) }),
      fc.record({ do: fc.constant('charge' as const), tenant: fc.nat(3), by: fc.integer({ min: -5, max: 5 }) }),
      fc.record({ do: fc.constant('take' as const), gpus: fc.nat(2) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const placement = createPlacement()
        const model = new Map<string, WaitingJob>()
        for (const one of actions) {
          if (one.do === 'put') {
            const put = job(`j${one.id}`, { tenant: `t${one.tenant}`, gpus: one.gpus, since: one.since })
            placement.put(put)
            model.set(put.id, put)
          } else if (one.do === 'remove') {
            expect(placement.remove(`j${one.id}`)).toBe(model.delete(`j${one.id}`))
          } else if (one.do === 'charge') placement.charge('w', `t${one.tenant}`, one.by)
          else {
            const can = [...model.values()].filter(({ needs }) => needs.gpus <= one.gpus)
            const got = placement.take({ ...asking, gpus: one.gpus })
            expect(got === undefined).toBe(can.length === 0)
            if (!got) continue
            // The oldest that its tenant has for this worker, among those that need as much or more.
            const own = can.filter(({ tenant, needs }) => tenant === got.tenant && needs.gpus >= got.needs.gpus)
            expect(got.since).toBe(Math.min(...own.map(({ since }) => since)))
            expect(model.delete(got.id)).toBe(true)
          }
          expect(placement.size()).toBe(model.size)
        }
        expect(new Set(drain(placement))).toEqual(new Set(model.keys()))
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { createFlow, type FlowLimits } from './flow.ts'

const limits: FlowLimits = { waiting: 3, patience: 5_000 }
const open = (more: Partial<FlowLimits> = {}, places = 1) => {
  let time = 0
  let room = places
  const flow = createFlow({ ...limits, ...more }, () => time)
  const order: string[] = []
  const leaves: (() => void)[] = []
  const enter = (tenant: string, signal = new AbortController().signal, model = 'm') =>
    flow
      .enter({ model, tenant, room: () => ({ places: room, why: room > 0 ? 'all-busy' : 'no-worker' }), signal })
      .then((leave) => {
        order.push(tenant)
        leaves.push(leave)
      })
  return {
    flow,
    order,
    enter,
    leave: async () => {
      leaves.shift()?.()
      await Promise.resolve()
      await Promise.resolve()
    },
    pass: (ms: number) => {
      time += ms
    },
    setRoom: (next: number) => {
      room = next
      flow.look()
    },
  }
}

describe('flow control', () => {
  it('gives tenants turns: one that asks much does not hold up another', async () => {
    const { enter, order, leave } = open({ waiting: 10 })
    await enter('a')
    const all = ['a', 'a', 'a', 'b', 'b'].map((tenant) => enter(tenant))
    for (let turn = 0; turn < 5; turn += 1) await leave()
    await Promise.all(all)
    expect(order).toEqual(['a', 'a', 'b', 'a', 'b', 'a'])
  })
  it('says why requests wait', async () => {
    const { flow, enter, setRoom } = open({}, 0)
    const turn = enter('a')
    expect(flow.waiting()).toMatchObject([{ model: 'm', waiting: 1, running: 0, reason: 'no-worker' }])
    setRoom(1)
    await turn
    expect(flow.waiting()).toEqual([])
    void enter('a')
    expect(flow.waiting()).toMatchObject([{ reason: 'all-busy', running: 1 }])
  })
  it('keeps to the limit of a model and of a tenant, whatever room there is', async () => {
    const { flow, enter, order, leave } = open({ modelConcurrency: 3, tenantConcurrency: 1 }, 10)
    await enter('a')
    const second = enter('a')
    await enter('b')
    expect(order).toEqual(['a', 'b'])
    expect(flow.waiting()).toMatchObject([{ reason: 'tenant-limit' }])
    await leave()
    await second
    await enter('c')
    void enter('d')
    expect(flow.waiting()).toMatchObject([{ reason: 'model-limit', waiting: 1 }])
  })
  it('refuses what comes too fast, and says when to come again', async () => {
    const { enter, pass } = open({ tenantRate: 2 }, 10)
    await enter('a')
    await enter('a')
    await expect(enter('a')).rejects.toMatchObject({ code: 'rate-limit', retry: { after: 30_000 } })
    await enter('b')
    pass(30_000)
    await enter('a')
  })
  it('does not hold a clock that is set back against a tenant', async () => {
    const { enter, pass } = open({ tenantRate: 2 }, 10)
    await enter('a')
    pass(-3_600_000)
    await enter('a')
    await expect(enter('a')).rejects.toMatchObject({ code: 'rate-limit', retry: { after: 30_000 } })
    pass(30_000)
    await enter('a')
  })
  it('refuses more than may wait', async () => {
    const { enter } = open({}, 0)
    for (let waiting = 0; waiting < limits.waiting; waiting += 1) void enter('a')
    await expect(enter('b')).rejects.toMatchObject({ code: 'queue-full' })
  })
  it('lets go of those who leave, and of those who waited too long', async () => {
    const { flow, enter } = open({ patience: 20 }, 0)
    const gone = new AbortController()
    const left = enter('a', gone.signal)
    gone.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    await expect(enter('a')).rejects.toMatchObject({ code: 'no-worker', retry: 'later' })
    expect(flow.waiting()).toEqual([])
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { createPlacement, type WaitingJob } from './place.ts'
import { type Asker, createReserving, reserveAfter } from './reserve.ts'

const job = (id: string, gpus: number, more: Partial<WaitingJob> = {}): WaitingJob => ({
  workspace: 'w',
  id,
  tenant: 'a',
  priority: 0,
  since: 0,
  needs: { capability: 'train', gpus, memory: 0 },
  ...more,
})
const whole = { gpus: 8, memory: 100 }
/** A worker of 8 GPUs with so many free, which works on something unless all are. */
const asks = (worker: string, gpus: number): Asker => ({
  workspace: 'w',
  worker,
  capabilities: ['train'],
  memory: 100,
  gpus,
  ...(gpus < 8 && { whole }),
})

describe('a worker kept free for a large job', () => {
  let time: number
  let freed: string[]
  let back: string[]
  let queue: ReturnType<typeof createReserving>
  beforeEach(() => {
    time = reserveAfter
    freed = []
    back = []
    queue = createReserving(createPlacement(), {
      now: () => time,
      onFree: (worker) => freed.push(worker),
      onBack: ({ id }) => back.push(id),
    })
  })

  it('takes nothing else until the job has room, though small ones keep coming', () => {
    queue.put(job('large', 8))
    for (let free = 1; free < 8; free += 1) {
      queue.put(job(`small${free}`, 1, { since: time + free }))
      expect(queue.take(asks('m', free))).toBeUndefined()
    }
    expect(queue.has('large')).toBe(true)
    expect(queue.take(asks('m', 8))?.id).toBe('large')
    expect(queue.take(asks('m', 1))?.id).toBe('small1')
  })
  it('is kept free only when the job has waited long, and is the one whose turn it is', () => {
    time = reserveAfter - 1
    queue.put(job('large', 8))
    queue.put(job('small', 1))
    expect(queue.take(asks('m', 1))?.id).toBe('small')
    time = reserveAfter
    // The other tenant was given less.
    queue.put(job('other', 1, { tenant: 'b' }))
    queue.charge('w', 'b', -1)
    queue.charge('w', 'a', 1)
    expect(queue.take(asks('m', 1))?.id).toBe('other')
    queue.charge('w', 'b', 9)
    expect(queue.take(asks('m', 1))).toBeUndefined()
    expect(queue.keeps('m')).toBe(true)
  })
  it('is one for each job, and one that was promised one elsewhere goes where there is room first', () => {
    queue.put(job('large', 8))
    queue.put(job('small', 1, { since: 1 }))
    expect(queue.take(asks('m', 1))).toBeUndefined()
    expect(queue.take(asks('n', 1))?.id).toBe('small')
    expect(queue.take(asks('o', 8))?.id).toBe('large')
    expect(freed).toEqual(['m'])
    expect(queue.keeps('m')).toBe(false)
  })
  it('does not break its promise for a job that was promised another', () => {
    queue.put(job('whole', 8))
    expect(queue.take(asks('m', 1))).toBeUndefined()
    queue.put(job('half', 4))
    expect(queue.take(asks('n', 1))).toBeUndefined()
    expect(queue.take(asks('m', 4))).toBeUndefined()
    expect(queue.take(asks('n', 4))?.id).toBe('half')
    expect(queue.take(asks('m', 8))?.id).toBe('whole')
  })
  it('takes other work again when its jobs are over and there is no room all the same', () => {
    queue.put(job('large', 8))
    queue.put(job('small', 1, { since: 1 }))
    expect(queue.take(asks('m', 1))).toBeUndefined()
    // Something that is none of our jobs has the other GPUs.
    const { whole: _, ...idle } = asks('m', 4)
    expect(queue.take(idle)?.id).toBe('small')
    expect(back).toEqual(['large'])
    expect(queue.take(asks('n', 8))?.id).toBe('large')
  })
  it('is forgotten with a worker that asks no more, and with a job that is cancelled', () => {
    queue.put(job('large', 8))
    expect(queue.take(asks('m', 1))).toBeUndefined()
    time += 50_000
    queue.patrol(new Set(['m']))
    time += 50_000
    queue.patrol(new Set())
    expect(queue.keeps('m')).toBe(true)
    time += 50_000
    queue.patrol(new Set())
    expect(back).toEqual(['large'])
    expect(queue.keeps('m')).toBe(false)
    expect(queue.take(asks('n', 1))).toBeUndefined()
    expect(queue.remove('large')).toBe(true)
    expect(freed).toEqual(['n'])
    expect([queue.size(), queue.has('large'), queue.take(asks('n', 8))]).toEqual([0, false, undefined])
  })
  it('is charged to the tenant when it is promised, and paid back when nothing comes of it', () => {
    queue.put(job('large', 8))
    for (const id of ['a1', 'a2']) queue.put(job(id, 1, { since: 1 }))
    for (const id of ['b1', 'b2']) queue.put(job(id, 1, { since: 2, tenant: 'b' }))
    expect(queue.take(asks('m', 1))).toBeUndefined()
    expect(queue.take(asks('n', 1))?.id).toBe('b1')
    queue.remove('large')
    expect(queue.take(asks('n', 1))?.id).toBe('a1')
  })
})

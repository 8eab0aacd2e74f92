import { describe, expect, test } from 'vitest'
import { createQueue } from './queue.ts'

const never = new AbortController().signal

describe('a bounded queue', () => {
  test('lets as many in as there are slots, and the next when one leaves', async () => {
    const queue = createQueue({ slots: 2, waiting: 5, patience: 1_000 })
    const leaveA = await queue.enter(never)
    await queue.enter(never)
    const third = queue.enter(never)
    expect([queue.running(), queue.waiting()]).toEqual([2, 1])
    leaveA()
    await third
    expect([queue.running(), queue.waiting()]).toEqual([2, 0])
  })

  test('serves in the order of arrival', async () => {
    const queue = createQueue({ slots: 1, waiting: 5, patience: 1_000 })
    const order: string[] = []
    const leave = await queue.enter(never)
    const visits = ['a', 'b', 'c'].map(async (name) => {
      const done = await queue.enter(never)
      order.push(name)
      done()
    })
    leave()
    await Promise.all(visits)
    expect(order).toEqual(['a', 'b', 'c'])
  })

  test('refuses what it could not serve, with a code that says to come back', async () => {
    const queue = createQueue({ slots: 1, waiting: 1, patience: 1_000 })
    const leave = await queue.enter(never)
    const waiting = queue.enter(never)
    await expect(queue.enter(never)).rejects.toMatchObject({ code: 'queue_full', status: 429, retryAfter: 1 })
    leave()
    await waiting
  })

  test('gives up waiting after its patience', async () => {
    const queue = createQueue({ slots: 1, waiting: 1, patience: 20 })
    await queue.enter(never)
    await expect(queue.enter(never)).rejects.toMatchObject({ code: 'queue_timeout' })
    expect(queue.waiting()).toBe(0)
  })

  test('forgets who went away while waiting', async () => {
    const queue = createQueue({ slots: 1, waiting: 2, patience: 1_000 })
    const leave = await queue.enter(never)
    const controller = new AbortController()
    const gone = queue.enter(controller.signal)
    const stays = queue.enter(never)
    controller.abort(new Error('gone'))
    await expect(gone).rejects.toThrow('gone')
    leave()
    await stays
    expect([queue.running(), queue.waiting()]).toEqual([1, 0])
  })

  test('counts a slot that is given back twice once', async () => {
    const queue = createQueue({ slots: 2, waiting: 0, patience: 1_000 })
    const leave = await queue.enter(never)
    await queue.enter(never)
    leave()
    leave()
    expect(queue.running()).toBe(1)
  })
})

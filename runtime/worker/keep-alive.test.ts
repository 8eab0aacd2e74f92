import { describe, expect, test, vi } from 'vitest'
import { keepAlive } from './keep-alive.ts'

const thing = () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { ended: promise, end: resolve }
}
const backoff = { first: 5, most: 20 }

describe('a thing that is kept alive', () => {
  test('starts once, with the first call', async () => {
    const start = vi.fn(async () => thing())
    const kept = keepAlive({ start, backoff })
    expect(start).not.toHaveBeenCalled()
    const [a, b] = await Promise.all([kept.get(), kept.get()])
    expect(a).toBe(b)
    expect(start).toHaveBeenCalledOnce()
  })

  test('starts again by itself when it ends, after a wait that doubles', async () => {
    const waits: number[] = []
    const kept = keepAlive({ start: async () => thing(), onEnd: (wait) => waits.push(wait), backoff })
    for (let round = 0; round < 4; round += 1) {
      const up = await kept.get()
      up.end()
      await vi.waitFor(() => expect(waits).toHaveLength(round + 1))
    }
    expect(waits).toEqual([5, 10, 20, 20])
    await vi.waitFor(() => expect(kept.peek()).toBeDefined())
  })

  test('tells a failed start, and tries again with the next call only', async () => {
    const start = vi.fn(async () => thing()).mockRejectedValueOnce(new Error('no'))
    const kept = keepAlive({ start, backoff })
    await expect(kept.get()).rejects.toThrow('no')
    expect(start).toHaveBeenCalledOnce()
    await kept.get()
    expect(start).toHaveBeenCalledTimes(2)
  })

  test('does not start again once stopped', async () => {
    const start = vi.fn(async () => thing())
    const kept = keepAlive({ start, backoff })
    await kept.get()
    await kept.stop((last) => last.end())
    await expect(kept.get()).rejects.toThrow('stopped')
    await vi.waitFor(() => expect(kept.peek()).toBeUndefined())
    expect(start).toHaveBeenCalledOnce()
  })

  test('ends one that is still coming up when it is stopped', async () => {
    const end = vi.fn()
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof thing>>()
    const start = vi.fn(() => promise)
    const kept = keepAlive({ start, backoff })
    const coming = kept.get()
    await vi.waitFor(() => expect(start).toHaveBeenCalled())
    const stopped = kept.stop(end)
    const up = thing()
    resolve(up)
    await stopped
    expect(end).toHaveBeenCalledExactlyOnceWith(await coming)
  })
})

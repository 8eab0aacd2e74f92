import { setTimeout as sleep } from 'node:timers/promises'

export type KeepAliveOptions<T> = {
  start: () => Promise<T>
  /** Called when one that was up has ended; it starts again after `wait` ms. */
  onEnd?: (wait: number) => void
  /** Bounds of the backoff between starts, in milliseconds. */
  backoff?: { first: number; most: number }
  /** One that lived this long was healthy: the next failure begins the backoff anew. */
  healthyAfter?: number
}
export type KeptAlive<T> = {
  /** The live one, started if need be. Rejects when a start fails; the next call tries again, not before the backoff. */
  get: () => Promise<T>
  /** The one that is up now, if any. */
  peek: () => T | undefined
  /** No more starts. Calls `end` with the one that is up, or coming up, if any. */
  stop: (end: (last: T) => Promise<void> | void) => Promise<void>
}

/** Keeps one process (or anything that ends) alive: started on first use, and again whenever it ends, with backoff. */
export const keepAlive = <T extends { ended: Promise<unknown> }>({
  start,
  onEnd,
  backoff = { first: 250, most: 10_000 },
  healthyAfter = 30_000,
}: KeepAliveOptions<T>): KeptAlive<T> => {
  const stopping = new AbortController()
  let current: Promise<T> | undefined
  let up: T | undefined
  let failures = 0
  let notBefore = 0

  const failed = (startedAt: number): number => {
    const now = performance.now()
    failures = now - startedAt > healthyAfter ? 1 : failures + 1
    const wait = Math.min(backoff.most, backoff.first * 2 ** (failures - 1))
    notBefore = now + wait
    return wait
  }
  const attempt = async (): Promise<T> => {
    await sleep(Math.max(0, notBefore - performance.now()), undefined, { signal: stopping.signal })
    const startedAt = performance.now()
    let started: T
    try {
      started = await start()
    } catch (error) {
      failed(startedAt)
      current = undefined
      throw error
    }
    up = started
    void started.ended.then(() => {
      up = undefined
      current = undefined
      if (stopping.signal.aborted) return
      onEnd?.(failed(startedAt))
      get().catch(() => undefined)
    })
    return started
  }
  const get = async (): Promise<T> => {
    stopping.signal.throwIfAborted()
    current ??= attempt()
    return current
  }
  return {
    get,
    peek: () => up,
    stop: async (end) => {
      stopping.abort(new Error('stopped'))
      const last = await current?.catch(() => undefined)
      if (last) await end(last)
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { ServerError } from './server-error.ts'

export type Backoff = { first: number; most: number }
export const backoff: Backoff = { first: 500, most: 30_000 }

/** Milliseconds before attempt `failures` + 1: doubled each time, and half of it by chance, so that workers do not come all at once. */
export const waitAfter = (failures: number, { first, most }: Backoff = backoff, random = Math.random): number => {
  const whole = Math.min(most, first * 2 ** Math.min(30, failures - 1))
  return whole / 2 + (whole / 2) * random()
}

export type RetryOptions = {
  signal?: AbortSignal | undefined
  backoff?: Backoff
  /** Called before each wait; the first failure and then every doubling is worth a word. */
  onWait?: (error: ServerError, wait: number, failures: number) => void
}

/** Does it again until it succeeds, fails for a reason that will not pass, or the signal aborts. */
export const untilDone = async <T>(task: () => Promise<T>, options: RetryOptions = {}): Promise<T> => {
  for (let failures = 1; ; failures++) {
    options.signal?.throwIfAborted()
    try {
      return await task()
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof ServerError) || !error.passes) throw error
      const wait = Math.max(waitAfter(failures, options.backoff), (error.after ?? 0) * 1_000)
      options.onWait?.(error, wait, failures)
      await sleep(wait, undefined, options.signal && { signal: options.signal })
    }
  }
}

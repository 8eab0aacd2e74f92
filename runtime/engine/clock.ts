import { setTimeout as wait } from 'node:timers/promises'

export type Clock = {
  /** Unix milliseconds. */
  now: () => number
  /** Rejects when the signal aborts. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal && { signal })
  },
}

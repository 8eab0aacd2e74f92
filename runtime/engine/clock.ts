export type Clock = {
  /** Unix milliseconds. */
  now: () => number
  /** Rejects with the signal's reason when it aborts. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The longest that a timer of this platform can wait; a longer sleep ends early, and whoever sleeps looks at the time. */
const longest = 2 ** 31 - 1

/** The time of this machine. Not `timers/promises`: it makes an error with a stack for every sleep that is cut short. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const cut = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', cut)
          resolve()
        },
        Math.min(ms, longest),
      )
      signal?.addEventListener('abort', cut, { once: true })
    }),
}

/** The reason of signals that only clean up: one without a stack, since they are many. */
export const finished = 'finished'

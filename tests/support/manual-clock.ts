import type { Clock } from '#runtime/engine/clock.ts'

type Sleeper = { ms: number; until: number; wake: () => void }

/** A clock that the test moves. */
export type ManualClock = Clock & {
  /** Moves the time on and wakes those whose time has come. */
  advance: (ms: number) => void
  /** Resolves with its duration once somebody sleeps for at least so long and at most so long. */
  sleeper: (least: number, most?: number) => Promise<number>
}

export const manualClock = (): ManualClock => {
  let time = 1_800_000_000_000
  const sleepers = new Set<Sleeper>()
  const watchers = new Set<() => void>()
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { ms, until: time + ms, wake: () => resolve() }
        if (signal?.aborted) return reject(signal.reason)
        signal?.addEventListener(
          'abort',
          () => {
            sleepers.delete(sleeper)
            reject(signal.reason)
          },
          { once: true },
        )
        sleepers.add(sleeper)
        for (const look of watchers) look()
      }),
    advance: (ms) => {
      time += ms
      for (const sleeper of [...sleepers]) {
        if (sleeper.until > time) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    },
    sleeper: (least, most = least) =>
      new Promise((resolve) => {
        const look = () => {
          const found = [...sleepers].find(({ ms }) => ms >= least && ms <= most)
          if (!found) return
          watchers.delete(look)
          resolve(found.ms)
        }
        watchers.add(look)
        look()
      }),
  }
}

import { WorkerError } from '../../errors.ts'

export type QueueLimits = {
  /** Generations at once. */
  slots: number
  /** Requests that may wait; more are refused at once. */
  waiting: number
  /** The longest wait, in milliseconds. */
  patience: number
}
export type Queue = {
  running: () => number
  waiting: () => number
  /** Resolves once nothing runs and nothing waits. */
  idle: () => Promise<void>
  /** Waits for a slot, first come first served. Resolves with the function that gives it back. */
  enter: (signal: AbortSignal) => Promise<() => void>
}

/** A bounded queue: it refuses what it could not serve in time instead of letting it pile up. */
export const createQueue = (limits: QueueLimits): Queue => {
  let running = 0
  const line: (() => void)[] = []
  let whenIdle: (() => void)[] = []

  const leave = () => {
    const next = line.shift()
    if (next) next()
    else running -= 1
    if (running > 0) return
    for (const tell of whenIdle) tell()
    whenIdle = []
  }
  const slot = () => {
    let given = false
    return () => {
      if (given) return
      given = true
      leave()
    }
  }
  const wait = (signal: AbortSignal) =>
    new Promise<() => void>((resolve, reject) => {
      const give = () => {
        settle()
        resolve(slot())
      }
      const drop = (error: unknown) => {
        settle()
        line.splice(line.indexOf(give), 1)
        reject(error)
      }
      const onAbort = () => drop(signal.reason)
      const timer = setTimeout(
        () => drop(new WorkerError('queue_timeout', `No slot became free within ${limits.patience} ms. Try again.`)),
        limits.patience,
      )
      const settle = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      line.push(give)
    })

  return {
    running: () => running,
    waiting: () => line.length,
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve))),
    enter: async (signal) => {
      signal.throwIfAborted()
      if (running < limits.slots) {
        running += 1
        return slot()
      }
      if (line.length >= limits.waiting)
        throw new WorkerError('queue_full', `${line.length} requests wait already. Try again in a moment.`)
      return wait(signal)
    },
  }
}

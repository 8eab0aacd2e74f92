import { WorkerError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Health } from '../../protocol.ts'
import type { Generation, Piece } from '../engine.ts'
import { createQueue, type QueueLimits } from './queue.ts'
import { type Runner, startRunner } from './runner.ts'
import type { Size } from './size.ts'

/** One model: its queue, and the child process that is kept alive for it. */
export type SupervisedModel = {
  generate: (generation: Generation, signal: AbortSignal) => AsyncIterable<Piece>
  status: () => Omit<Health['models'][number], 'id'>
  stop: () => Promise<void>
}
export type SupervisorOptions = {
  file: string
  size: Size
  limits: Omit<QueueLimits, 'slots'>
  log: Log
}

const firstBackoff = 250
const longestBackoff = 10_000
/** A child that lived this long was healthy: the next crash starts the backoff anew. */
const healthyAfter = 30_000

/** Keeps a model's process alive: started on first use, restarted with backoff after a crash, until `stop`. */
export const superviseModel = ({ file, size, limits, log }: SupervisorOptions): SupervisedModel => {
  const queue = createQueue({ ...limits, slots: size.sequences })
  let state: Health['models'][number]['state'] = 'unloaded'
  let reason: string | undefined
  let context: number | undefined
  let current: Promise<Runner> | undefined
  let live: Runner | undefined
  let crashes = 0
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const start = async (): Promise<Runner> => {
    const started = performance.now()
    const runner = startRunner({ file, size }, log)
    live = runner
    void runner.ended.then(() => {
      if (stopped || state === 'failed') return
      crashes = performance.now() - started > healthyAfter ? 1 : crashes + 1
      restart()
    })
    try {
      context = await runner.ready
      state = 'ready'
      reason = undefined
      log('info', 'model loaded', { file, context, ms: Math.round(performance.now() - started), pid: runner.pid })
      return runner
    } catch (error) {
      if (error instanceof WorkerError && error.code === 'model_unusable') {
        state = 'failed'
        reason = error.message
        current = undefined // the next request tries again: the file may have been replaced
      }
      throw error
    }
  }
  const begin = (): Promise<Runner> => {
    const starting = start()
    starting.catch(() => undefined)
    current = starting
    return starting
  }
  const restart = (): void => {
    const wait = Math.min(longestBackoff, firstBackoff * 2 ** (crashes - 1))
    state = 'restarting'
    reason = `The engine process ended; it starts again in ${wait} ms.`
    log('warn', 'engine process ended', { file, crashes, wait })
    const { promise, resolve, reject } = Promise.withResolvers<Runner>()
    promise.catch(() => undefined)
    current = promise
    timer = setTimeout(() => begin().then(resolve, reject), wait)
  }
  const loaded = (): Promise<Runner> => {
    if (stopped) throw new WorkerError('draining', 'This worker is stopping. Use another one.')
    if (current) return current
    state = 'loading'
    return begin()
  }
  const orAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
    new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })

  return {
    async *generate(generation, signal) {
      const leave = await queue.enter(signal)
      try {
        const runner = await orAborted(loaded(), signal)
        yield* runner.generate(generation, signal)
      } finally {
        leave()
      }
    },
    status: () => ({
      state,
      ...(reason !== undefined && { reason }),
      running: queue.running(),
      waiting: queue.waiting(),
      ...(context !== undefined && { context }),
    }),
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      live?.kill()
      await live?.ended
    },
  }
}

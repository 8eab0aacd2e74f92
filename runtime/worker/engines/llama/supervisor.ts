import { setTimeout as sleep } from 'node:timers/promises'
import { isDueAgain } from '../../due-again.ts'
import { WorkerError } from '../../errors.ts'
import { keepAlive } from '../../keep-alive.ts'
import type { Log } from '../../log.ts'
import { orAborted } from '../../or-aborted.ts'
import type { Health } from '../../protocol.ts'
import type { ChildOptions, Result, Work } from './messages.ts'
import { createQueue, type QueueLimits } from './queue.ts'
import { type Runner, startRunner } from './runner.ts'

/** One model: its queue, and the child process that is kept alive for it. */
export type SupervisedModel = {
  run: (work: Work, signal: AbortSignal) => AsyncIterable<Result>
  status: () => Omit<Health['models'][number], 'id'>
  /** Generations at once. */
  capacity: number
  /** Undefined until it is loaded. */
  kvUse: () => number | undefined
  /** Takes nothing new, waits for what runs, at most so many milliseconds, and stops. */
  retire: (patience: number) => Promise<void>
  stop: () => Promise<void>
}
export type SupervisorOptions = {
  child: ChildOptions
  limits: Omit<QueueLimits, 'slots'>
  log: Log
}

type State = Pick<Health['models'][number], 'state' | 'reason' | 'context'>

/** Keeps a model's process alive: started on first use, restarted with backoff after a crash, until `stop`. */
export const superviseModel = ({ child, limits, log }: SupervisorOptions): SupervisedModel => {
  const queue = createQueue({ ...limits, slots: child.size.sequences })
  const which = { file: child.file, ...(child.adapter !== undefined && { adapter: child.adapter }) }
  let state: State = { state: 'unloaded' }
  let failedAt: number | undefined
  let starting: Runner | undefined

  const process = keepAlive<Runner>({
    start: async () => {
      const started = performance.now()
      const runner = startRunner(child, log)
      starting = runner
      if (state.state !== 'restarting') state = { state: 'loading' }
      try {
        const context = await runner.ready
        state = { state: 'ready', context }
        log('info', 'model loaded', { ...which, context, ms: Math.round(performance.now() - started), pid: runner.pid })
        return runner
      } catch (error) {
        failedAt = performance.now()
        state = { state: 'failed', reason: error instanceof Error ? error.message : String(error) }
        throw error
      } finally {
        starting = undefined
      }
    },
    onEnd: (wait) => {
      state = { state: 'restarting', reason: `The engine process ended; it starts again in ${wait} ms.` }
      log('warn', 'engine process ended', { ...which, wait })
    },
  })
  /** No call is sent to a model that is told as failed, so it would never be tried again. */
  const told = (): State => (state.state === 'failed' && isDueAgain(failedAt) ? { state: 'unloaded' } : state)
  let stopped = false
  const stop = async () => {
    stopped = true
    starting?.kill() // a large model may take minutes to load
    await process.stop((runner) => {
      runner.kill()
      return runner.ended
    })
  }

  return {
    async *run(work, signal) {
      const leave = await queue.enter(signal)
      try {
        if (stopped) throw new WorkerError('draining', 'This model is being unloaded. Try again in a moment.')
        const runner = await orAborted(process.get(), signal)
        yield* runner.run(work, signal)
      } finally {
        leave()
      }
    },
    status: () => ({ ...told(), running: queue.running(), waiting: queue.waiting() }),
    capacity: child.size.sequences,
    kvUse: () => process.peek()?.kvUse(),
    retire: async (patience) => {
      await Promise.race([queue.idle(), sleep(patience, undefined, { ref: false })])
      await stop()
    },
    stop,
  }
}

import { WorkerError } from '../../errors.ts'
import { keepAlive } from '../../keep-alive.ts'
import type { Log } from '../../log.ts'
import { orAborted } from '../../or-aborted.ts'
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

type State = Pick<Health['models'][number], 'state' | 'reason' | 'context'>

/** Keeps a model's process alive: started on first use, restarted with backoff after a crash, until `stop`. */
export const superviseModel = ({ file, size, limits, log }: SupervisorOptions): SupervisedModel => {
  const queue = createQueue({ ...limits, slots: size.sequences })
  let state: State = { state: 'unloaded' }
  let starting: Runner | undefined

  const process = keepAlive<Runner>({
    start: async () => {
      const started = performance.now()
      const runner = startRunner({ file, size }, log)
      starting = runner
      if (state.state !== 'restarting') state = { state: 'loading' }
      try {
        const context = await runner.ready
        state = { state: 'ready', context }
        log('info', 'model loaded', { file, context, ms: Math.round(performance.now() - started), pid: runner.pid })
        return runner
      } catch (error) {
        state = { state: 'failed', reason: error instanceof Error ? error.message : String(error) }
        throw error
      } finally {
        starting = undefined
      }
    },
    onEnd: (wait) => {
      state = { state: 'restarting', reason: `The engine process ended; it starts again in ${wait} ms.` }
      log('warn', 'engine process ended', { file, wait })
    },
  })
  let stopped = false

  return {
    async *generate(generation, signal) {
      const leave = await queue.enter(signal)
      try {
        if (stopped) throw new WorkerError('draining', 'This worker is stopping. Use another one.')
        const runner = await orAborted(process.get(), signal)
        yield* runner.generate(generation, signal)
      } finally {
        leave()
      }
    },
    status: () => ({ ...state, running: queue.running(), waiting: queue.waiting() }),
    stop: async () => {
      stopped = true
      starting?.kill() // a large model may take minutes to load
      await process.stop((runner) => {
        runner.kill()
        return runner.ended
      })
    },
  }
}

import { asWorkerError, WorkerError } from '../../errors.ts'
import { embed } from './embed.ts'
import { generate } from './generate.ts'
import { type LoadedModel, loadModel } from './load.ts'
import type { ChildOptions, FromChild, Result, ToChild, Work } from './messages.ts'

/**
 * The process that holds one model. A crash in native code takes this process alone; when the worker above it is gone,
 * by whatever death, the channel closes and this process ends too.
 */
const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message)
}
const log = (level: string, message: string) => process.stderr.write(`${JSON.stringify({ level, message })}\n`)
/** Milliseconds between two looks at how full the KV cache is. */
const lookEvery = 500

async function* results(loaded: LoadedModel, work: Work, signal: AbortSignal): AsyncGenerator<Result> {
  if (work.type === 'generate') yield* generate(loaded, work.generation, signal)
  else yield await embed(loaded, work.input, signal)
}

const serve = async (loaded: LoadedModel, id: number, work: Work, signal: AbortSignal): Promise<void> => {
  try {
    for await (const result of results(loaded, work, signal)) send({ type: 'result', id, result })
    if (signal.aborted) send({ type: 'aborted', id })
  } catch (error) {
    if (signal.aborted) return send({ type: 'aborted', id })
    const { code, message, param } = asWorkerError(error)
    send({ type: 'error', id, code, message, param })
  }
}

const tellKvUse = (loaded: LoadedModel): void => {
  let told = 0
  setInterval(() => {
    const use = loaded.kvUse()
    if (use !== told) send({ type: 'kv', use })
    told = use
  }, lookEvery)
}

const main = async (options: ChildOptions): Promise<void> => {
  process.on('disconnect', () => process.exit(0))
  const running = new Map<number, AbortController>()
  let loaded: LoadedModel
  try {
    loaded = await loadModel(options, log)
  } catch (error) {
    send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
    return process.disconnect()
  }
  process.on('message', (message: ToChild) => {
    if (message.type === 'abort') return running.get(message.id)?.abort(new WorkerError('internal', 'Aborted.'))
    const controller = new AbortController()
    running.set(message.id, controller)
    void serve(loaded, message.id, message, controller.signal).finally(() => running.delete(message.id))
  })
  tellKvUse(loaded)
  send({ type: 'ready', context: loaded.contextSize })
}

// The argument comes from our own supervisor, of the same version.
await main(JSON.parse(process.argv[2] ?? '') as ChildOptions)

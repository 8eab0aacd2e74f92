import { asWorkerError, WorkerError } from '../../errors.ts'
import { generate } from './generate.ts'
import { type LoadedModel, loadModel } from './load.ts'
import type { ChildOptions, FromChild, ToChild } from './messages.ts'

/**
 * The process that holds one model. A crash in native code takes this process alone; when the worker above it is gone,
 * by whatever death, the channel closes and this process ends too.
 */
const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message)
}
const log = (level: string, message: string) => process.stderr.write(`${JSON.stringify({ level, message })}\n`)

const serve = async (
  loaded: LoadedModel,
  { id, generation }: Extract<ToChild, { type: 'generate' }>,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const piece of generate(loaded, generation, signal)) send({ type: 'piece', id, piece })
    if (signal.aborted) send({ type: 'aborted', id })
  } catch (error) {
    if (signal.aborted) return send({ type: 'aborted', id })
    const { code, message, param } = asWorkerError(error)
    send({ type: 'error', id, code, message, param })
  }
}

const main = async ({ file, size }: ChildOptions): Promise<void> => {
  process.on('disconnect', () => process.exit(0))
  const running = new Map<number, AbortController>()
  let loaded: LoadedModel
  try {
    loaded = await loadModel(file, size, log)
  } catch (error) {
    send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
    return process.disconnect()
  }
  process.on('message', (message: ToChild) => {
    if (message.type === 'abort') return running.get(message.id)?.abort(new WorkerError('internal', 'Aborted.'))
    const controller = new AbortController()
    running.set(message.id, controller)
    void serve(loaded, message, controller.signal).finally(() => running.delete(message.id))
  })
  send({ type: 'ready', context: loaded.contextSize })
}

// The argument comes from our own supervisor, of the same version.
await main(JSON.parse(process.argv[2] ?? '') as ChildOptions)

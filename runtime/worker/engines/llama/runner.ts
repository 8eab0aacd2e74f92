import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { WorkerError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { type Channel, createChannel } from './channel.ts'
import type { ChildOptions, FromChild, Result, ToChild, Work } from './messages.ts'

/** One live child process. It is never reused after its end. */
export type Runner = {
  pid: number
  /** Resolves with the context size when the model is loaded; rejects with `model_unusable` or `engine_crashed`. */
  ready: Promise<number>
  /** Resolves when the process is gone. */
  ended: Promise<void>
  run: (work: Work, signal: AbortSignal) => AsyncIterable<Result>
  /** Share of the KV cache that running generations hold, as last told. */
  kvUse: () => number
  kill: () => void
}

const childFile = fileURLToPath(new URL('./child.ts', import.meta.url))

const forwardLog = (line: string, log: Log): void => {
  try {
    const { level, message } = JSON.parse(line) as { level: string; message: string }
    log(level === 'warn' ? 'warn' : 'error', message, { from: 'llama' })
  } catch {
    log('warn', line, { from: 'llama' })
  }
}

/** Starts a child process with one model. */
export const startRunner = (options: ChildOptions, log: Log): Runner => {
  const child = fork(childFile, [JSON.stringify(options)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => forwardLog(line, log))
  const running = new Map<number, Channel<Result>>()
  const { promise: ready, resolve: loaded, reject: unloaded } = Promise.withResolvers<number>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  ready.catch(() => undefined)
  let next = 0
  let kv = 0

  const receive = (message: FromChild): void => {
    switch (message.type) {
      case 'ready':
        return loaded(message.context)
      case 'failed':
        return unloaded(
          new WorkerError('model_unusable', `The model could not be loaded: ${message.reason} Check the file.`),
        )
      case 'result':
        return running.get(message.id)?.push(message.result)
      case 'error':
        return running.get(message.id)?.close(new WorkerError(message.code, message.message, { param: message.param }))
      case 'aborted':
        return running.get(message.id)?.close()
      case 'kv':
        kv = message.use
        return
    }
  }
  const gone = (how: string): void => {
    const error = new WorkerError(
      'engine_crashed',
      `The engine process ended (${how}) and is being restarted. Try again.`,
    )
    unloaded(error)
    for (const channel of running.values()) channel.close(error)
    end()
  }
  // The child is our own, of the same version: its messages have this shape.
  child.on('message', (message) => receive(message as FromChild))
  child.on('error', (error) => gone(error.message))
  child.on('exit', (code, signal) => gone(signal ?? `exit code ${code}`))

  const tell = (message: ToChild): void => {
    if (child.connected) child.send(message, () => undefined)
  }
  return {
    pid: child.pid ?? -1,
    ready,
    ended,
    async *run(work, signal) {
      signal.throwIfAborted()
      const id = next++
      const channel = createChannel<Result>()
      running.set(id, channel)
      const abort = () => {
        tell({ type: 'abort', id })
        channel.close(signal.reason)
      }
      signal.addEventListener('abort', abort, { once: true })
      tell({ id, ...work })
      let done = false
      try {
        for await (const result of channel) {
          if (result.type !== 'text') done = true
          yield result
          if (done) return
        }
      } finally {
        signal.removeEventListener('abort', abort)
        running.delete(id)
        if (!done) tell({ type: 'abort', id })
      }
    },
    kvUse: () => kv,
    kill: () => void child.kill('SIGKILL'),
  }
}

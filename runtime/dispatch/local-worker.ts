import { mkdir } from 'node:fs/promises'
import type { Endpoint } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import { keepAlive } from '../worker/keep-alive.ts'
import { listModelFiles } from '../worker/models.ts'
import { orAborted } from '../worker/or-aborted.ts'
import { askHealth } from './health.ts'
import type { ListedModel } from './models.ts'
import { chooseWorker, createWorkerRegistry, type WorkerEntry } from './registry.ts'
import { type Log, startWorkerProcess } from './worker-process.ts'

export type LocalWorkerOptions = {
  /** The folder with .gguf files (`models/` of the data folder); made if it is not there. */
  models: string
  /** The worker's own folder; needed where it works for a server. */
  data?: string
  /** The server that it works for, and the token that it sends there. */
  server?: { url: string; key: string }
  /** Called when its process has ended. */
  onEnd?: () => void
  log?: Log
  /** How long `endpoint` waits for a worker that is starting, in milliseconds. */
  patience?: number
}
export type LocalWorker = {
  /** For `EngineDependencies.endpoint`: takes ids such as `local:tiny` or `local:<file>.gguf`. */
  endpoint: (model: string, signal: AbortSignal) => Promise<Endpoint>
  /** Whether a model of this id is on this machine. */
  has: (model: string) => Promise<boolean>
  /** Starts the worker ahead of its first use. */
  start: () => Promise<void>
  /** The models of this machine. A file that could not be loaded says why. */
  list: () => Promise<ListedModel[]>
  /** The worker's process id while it runs. */
  pid: () => number | undefined
  stop: () => Promise<void>
}

const id = 'local'
const prefix = `${id}:`
const asEndpoint = ({ url, token }: WorkerEntry, model: string): Endpoint => ({ url, model, token })

/**
 * The worker of this machine: a child process that starts with the first call, starts again when it dies, and ends with
 * this process.
 * @example const worker = createLocalWorker({ models: join(data, 'models') }); createEngine({ …, endpoint: worker.endpoint })
 */
export const createLocalWorker = (options: LocalWorkerOptions): LocalWorker => {
  const { models, log = () => undefined, patience = 20_000 } = options
  const registry = createWorkerRegistry()
  const worker = keepAlive({
    start: async () => {
      await mkdir(models, { recursive: true })
      const started = await startWorkerProcess(options, log)
      log('info', 'local worker listens', { pid: started.pid, url: started.url })
      return started
    },
    onEnd: (wait) => {
      registry.remove(id)
      options.onEnd?.()
      log('warn', 'local worker ended', { restartsIn: wait })
    },
  })

  const enlist = async (): Promise<void> => {
    const { url, token } = await worker.get()
    registry.put({ id, url: `${url}/v1`, token, models: await listModelFiles(models), running: 0, waiting: 0 })
  }
  const unknown = async (model: string) => {
    const there = (await listModelFiles(models)).map((name) => prefix + name)
    return new NodeError(
      'model-missing',
      `There is no model "${model}" on this machine. There is: ${there.join(', ')}. Pick one, or put a .gguf file into ${models}.`,
      { details: { model, there } },
    )
  }

  return {
    endpoint: async (model, signal) => {
      const name = model.startsWith(prefix) ? model.slice(prefix.length) : undefined
      if (name === undefined) throw await unknown(model)
      const known = chooseWorker(registry.list(), name)
      if (known) return asEndpoint(known, name)
      if (!(await listModelFiles(models)).includes(name)) throw await unknown(model)
      const timeout = AbortSignal.timeout(patience)
      await orAborted(enlist(), AbortSignal.any([signal, timeout])).catch((cause) => {
        signal.throwIfAborted()
        const reason = timeout.aborted ? `it did not start within ${patience} ms.` : String(cause.message)
        throw new NodeError('no-worker', `The worker for "${model}" is not available: ${reason} It is tried again.`, {
          retry: 'later',
          cause,
          details: { model },
        })
      })
      const chosen = chooseWorker(registry.list(), name)
      if (!chosen) throw await unknown(model)
      return asEndpoint(chosen, name)
    },
    has: async (model) =>
      model.startsWith(prefix) && (await listModelFiles(models)).includes(model.slice(prefix.length)),
    start: enlist,
    list: async () => {
      const running = worker.peek()
      const [names, told] = await Promise.all([listModelFiles(models), running ? askHealth(running) : undefined])
      return names.map((name) => {
        const failed = told?.models.find((model) => model.id === name && model.state === 'failed')
        const title = name === 'tiny' ? 'local:tiny (demo)' : name
        return { id: prefix + name, title, ready: !failed, ...(failed?.reason && { reason: failed.reason }) }
      })
    },
    pid: () => worker.peek()?.pid,
    stop: async () => {
      registry.remove(id)
      await worker.stop((last) => last.stop(5_000))
    },
  }
}

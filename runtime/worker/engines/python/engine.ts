import { isDueAgain } from '../../due-again.ts'
import { WorkerError } from '../../errors.ts'
import { keepAlive } from '../../keep-alive.ts'
import type { Log } from '../../log.ts'
import { orAborted } from '../../or-aborted.ts'
import type { Health } from '../../protocol.ts'
import { combineEngines } from '../combine.ts'
import type { Engine, ProxiedCall } from '../engine.ts'
import { createExternalEngine } from '../external/engine.ts'
import { type PythonModel, serverCommand } from './command.ts'
import { startPythonServer } from './server.ts'

export type PythonEngineOptions = {
  /** The Python with our package's dependencies, or with vLLM. */
  python: string
  models: readonly PythonModel[]
  log: Log
}

type State = Pick<Health['models'][number], 'state' | 'reason'>
type Served = { engine: Engine; ended: Promise<void>; end: () => void }

/** One base model with its adapters: a server process that starts with the first call and is kept alive from then on. */
const createServed = (python: string, model: PythonModel, log: Log): Engine => {
  const ids = [model.id, ...Object.keys(model.adapters ?? {})]
  let state: State = { state: 'unloaded' }
  let failedAt: number | undefined
  let starting: (() => void) | undefined

  const start = async (): Promise<Served> => {
    if (state.state !== 'restarting') state = { state: 'loading' }
    try {
      const server = startPythonServer(python, await serverCommand(python, model), log)
      starting = server.end
      const { origin, pid } = await server.ready
      const address = { url: new URL('/v1', origin), metrics: new URL('/metrics', origin), key: server.key }
      const engine = createExternalEngine({ address, log })
      void server.ended.then(engine.stop)
      state = { state: 'ready' }
      log('info', 'model loaded', { model: model.id, url: origin.href, pid })
      return { engine, ended: server.ended, end: server.end }
    } catch (error) {
      failedAt = performance.now()
      state = { state: 'failed', reason: error instanceof Error ? error.message : String(error) }
      throw error
    } finally {
      starting = undefined
    }
  }
  const process = keepAlive<Served>({
    start,
    onEnd: (wait) => {
      state = { state: 'restarting', reason: `The Python server ended; it starts again in ${wait} ms.` }
      log('warn', 'engine process ended', { model: model.id, wait })
    },
    backoff: { first: 1_000, most: 60_000 },
  })

  /** No call is sent to a model that is told as failed, so it would never be tried again. */
  const current = (): State => (state.state === 'failed' && isDueAgain(failedAt) ? { state: 'unloaded' } : state)

  /** The server may call the base by its folder: adapters keep their names, what else it lists is the base. */
  const theirs = async (engine: Engine, id: string): Promise<string> => {
    if (id !== model.id) return id
    const listed = (await engine.models()).map((of) => of.id)
    return listed.includes(id) ? id : (listed.find((name) => !ids.includes(name)) ?? id)
  }
  const up = async (signal: AbortSignal): Promise<Engine> => (await orAborted(process.get(), signal)).engine
  return {
    async *generate(generation, signal) {
      const engine = await up(signal)
      yield* engine.generate({ ...generation, model: await theirs(engine, generation.model) }, signal)
    },
    embed: async (embedding, signal) => {
      const engine = await up(signal)
      return engine.embed({ ...embedding, model: await theirs(engine, embedding.model) }, signal)
    },
    proxy: async (call: ProxiedCall, signal) => {
      const engine = await up(signal)
      const name = await theirs(engine, call.model)
      const body = name === call.model ? call.body : JSON.stringify({ ...JSON.parse(call.body), model: name })
      return engine.proxy?.({ ...call, model: name, body }, signal)
    },
    models: async () => {
      const told = (await process.peek()?.engine.models()) ?? []
      const base = told.find(({ id }) => id === model.id) ?? told.find(({ id }) => !ids.includes(id))
      return ids.map((id) => {
        const there = id === model.id ? base : told.find((of) => of.id === id)
        return { running: 0, waiting: 0, ...current(), ...(there && state.state === 'ready' && there), id }
      })
    },
    capacity: () => process.peek()?.engine.capacity() ?? 1,
    kvUse: () => process.peek()?.engine.kvUse(),
    stop: async () => {
      starting?.()
      await process.stop(async ({ end, ended }) => {
        end()
        await ended
      })
    },
  }
}

/**
 * Models in transformers' form through Python: vLLM where it is installed, else our own package. One process for each base,
 * which holds all its adapters: unlike llama.cpp, both share the base's weights between them.
 */
export const createPythonEngine = ({ python, models, log }: PythonEngineOptions): Engine => {
  const names = models.flatMap(({ id, adapters = {} }) => [id, ...Object.keys(adapters)])
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new WorkerError('internal', `Two models are called "${twice}". Rename one.`)
  return combineEngines(models.map((model) => createServed(python, model, log)))
}

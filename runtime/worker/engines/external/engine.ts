import { WorkerError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Health } from '../../protocol.ts'
import type { Engine, ProxiedCall } from '../engine.ts'
import type { ExternalAddress } from './address.ts'
import { asResponse, send } from './forward.ts'
import { chatBody, embeddingBody, readEmbedded, readPieces } from './generate.ts'
import { watchServer } from './watch.ts'

export type ExternalEngineOptions = {
  address: ExternalAddress
  log: Log
  /** Milliseconds between two looks at the server. */
  every?: number
}

/** What a batching server runs at once, where nobody said more: a measure for "busy", not a limit. */
const usualCapacity = 64

/** An OpenAI-style server that somebody else runs: vLLM, SGLang, llama-server, Ollama, Ray Serve. */
export const createExternalEngine = ({ address, log, every }: ExternalEngineOptions): Engine => {
  const { url, key, capacity = usualCapacity } = address
  const watch = watchServer(address, log, every)
  const inFlight = new Map<string, number>()
  const count = (model: string, by: 1 | -1) => inFlight.set(model, (inFlight.get(model) ?? 0) + by)

  const proxy = async ({ path, model, body }: ProxiedCall, signal: AbortSignal): Promise<Response> => {
    count(model, 1)
    const ended = () => void count(model, -1)
    try {
      const to = new URL(`${url.href.replace(/\/$/, '')}${path}`)
      const answer = await send({ method: 'POST', url: to, body, ...(key !== undefined && { key }) }, signal)
      if (answer.statusCode === 401 || answer.statusCode === 403) {
        answer.destroy()
        // Passed on it would read as if the caller's own token were wrong.
        throw new WorkerError('engine_unreachable', `The server at ${url.origin} refuses this worker's key.`)
      }
      return asResponse(answer, signal, ended)
    } catch (error) {
      ended()
      if (error instanceof WorkerError) watch.fail(error.message)
      throw error
    }
  }

  /** A server that tells no models apart gives its numbers to the first; what is on its way from here counts at once. */
  const models = async (): Promise<Health['models']> => {
    const { models: known, load, failure } = await watch.look()
    const ids = new Set(known.map(({ id }) => id))
    return known.map(({ id, context }, i) => {
      const own = inFlight.get(id) ?? 0
      const told = load.filter(({ model }) => model === id || (i === 0 && (model === undefined || !ids.has(model))))
      const waiting = told.reduce((sum, of) => sum + of.waiting, 0)
      const running = told.reduce((sum, of) => sum + of.running, 0)
      return {
        id,
        state: failure === undefined ? ('ready' as const) : ('failed' as const),
        ...(failure !== undefined && { reason: failure }),
        running: Math.round(Math.max(running, own - waiting)),
        waiting: Math.round(waiting),
        ...(context !== undefined && { context }),
      }
    })
  }
  return {
    async *generate(generation, signal) {
      const body = JSON.stringify(chatBody(generation))
      yield* readPieces(await proxy({ path: '/chat/completions', model: generation.model, body }, signal))
    },
    embed: async (embedding, signal) => {
      const body = JSON.stringify(embeddingBody(embedding))
      return readEmbedded(await proxy({ path: '/embeddings', model: embedding.model, body }, signal))
    },
    proxy,
    models,
    capacity: () => capacity,
    kvUse: () => {
      const told = watch.load().flatMap(({ kvUse }) => kvUse ?? [])
      return told.length > 0 ? Math.max(...told) : undefined
    },
    stop: watch.stop,
  }
}

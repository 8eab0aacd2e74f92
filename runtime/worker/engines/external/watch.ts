import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { WorkerError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { ExternalAddress } from './address.ts'
import { readText, send } from './forward.ts'
import { readLoad, type ServerLoad } from './metrics.ts'

const modelList = z.object({
  data: z.array(z.object({ id: z.string(), max_model_len: z.int().min(1).nullish().catch(undefined) })),
})
export type KnownModel = { id: string; context: number | undefined }

export type Watch = {
  /** What is known of the server, after the first look. `failure` says why it does not serve now. */
  look: () => Promise<{ models: readonly KnownModel[]; load: readonly ServerLoad[]; failure: string | undefined }>
  load: () => readonly ServerLoad[]
  /** A call failed: the server is not well until the next look. */
  fail: (reason: string) => void
  stop: () => Promise<void>
}

/** Milliseconds that a look may take. */
const patience = 5_000

const refusal = (url: URL, status: number): string =>
  status === 401 || status === 403
    ? `The server at ${url.origin} refuses the key (${status}). Name the variable that holds it: ",key=NAME".`
    : `The server at ${url.origin} answers ${status} to ${url.pathname}. Look at its log.`

/** Looks at a server every `every` milliseconds: which models it has, and how busy it is. It comes back by itself. */
export const watchServer = ({ url, metrics, key }: ExternalAddress, log: Log, every = 2_000): Watch => {
  const stopping = new AbortController()
  let models: readonly KnownModel[] = []
  let load: readonly ServerLoad[] = []
  let failure: string | undefined

  const read = async (from: URL): Promise<string> => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(patience)])
    const answer = await send({ method: 'GET', url: from, ...(key !== undefined && { key }) }, signal)
    const text = await readText(answer)
    if (answer.statusCode !== 200) throw new WorkerError('engine_unreachable', refusal(from, answer.statusCode ?? 0))
    return text
  }
  const reasonOf = (error: unknown): string => {
    if (error instanceof WorkerError) return error.message
    return error instanceof SyntaxError || error instanceof z.ZodError
      ? `The server at ${url.origin} does not list models as OpenAI does. Is the address right?`
      : `The server at ${url.origin} did not answer within ${patience} ms.`
  }
  const settle = (reason: string | undefined): void => {
    if (reason !== failure) log(reason ? 'warn' : 'info', reason ?? 'external server is there', { url: url.href })
    failure = reason
  }
  const lookOnce = async (): Promise<void> => {
    try {
      const listed = modelList.parse(JSON.parse(await read(new URL(`${url.href.replace(/\/$/, '')}/models`))))
      models = listed.data.map(({ id, max_model_len }) => ({ id, context: max_model_len ?? undefined }))
      // A server without metrics is well: its load is then what is sent through here.
      load = await read(metrics).then(readLoad, () => [])
      settle(undefined)
    } catch (error) {
      if (stopping.signal.aborted) return
      load = []
      settle(reasonOf(error))
    }
  }
  const first = lookOnce()
  const looking = first.then(async () => {
    while (!stopping.signal.aborted) {
      await sleep(every, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) await lookOnce()
    }
  })
  return {
    look: async () => {
      await first
      return { models, load, failure }
    },
    load: () => load,
    fail: settle,
    stop: async () => {
      stopping.abort()
      await looking
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './log.ts'
import { type Backoff, untilDone, waitAfter } from './retry.ts'
import type { RelayedCall, ServerClient } from './server-client.ts'

export type RelayOptions = {
  server: Pick<ServerClient, 'nextCall' | 'answerCall'>
  /** The worker's own HTTP app. */
  fetch: (request: Request) => Response | Promise<Response>
  /** What the app wants as a bearer token. */
  token: string
  /** Calls in work at the same time. */
  most?: number
  log: Log
  backoff?: Backoff
}
export type Relay = {
  /** Fetches no more; resolves when the answers in work have ended. */
  drain: () => Promise<void>
  resume: () => void
  /** Breaks off what is in work. */
  stop: () => void
}

const paths = /^\/(v1\/)?(chat\/completions|embeddings)$/

/**
 * Model calls for a worker that the server cannot reach: fetched by long polls, answered by the worker's own app without a
 * network between, and streamed up. When the server closes the answer's request, or says so before there is one, its client is gone
 * and the call is aborted.
 */
export const startRelay = ({ server, fetch, token, most = 64, log, backoff }: RelayOptions): Relay => {
  const inWork = new Map<string, { over: AbortController; done: Promise<void> }>()
  /** The last call that came. */
  let after = ''
  const breaking = new AbortController()
  let taking = new AbortController()
  let loop: Promise<void> = Promise.resolve()

  const respond = async ({ path, body }: RelayedCall, signal: AbortSignal): Promise<Response> => {
    if (!paths.test(path)) return Response.json({ error: { message: `This worker has no ${path}.` } }, { status: 404 })
    return fetch(
      new Request(`http://worker/v1${path.replace(/^\/v1/, '')}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        signal,
      }),
    )
  }
  const answer = async (call: RelayedCall, over: AbortController): Promise<void> => {
    const signal = AbortSignal.any([over.signal, breaking.signal])
    try {
      await server.answerCall(call.call, await respond(call, signal), signal)
    } catch (error) {
      // The server closed it, or said so before it began: usually its client went away.
      if (!breaking.signal.aborted) log('info', 'a relayed call was broken off', { reason: String(error) })
    } finally {
      over.abort(new Error('the call is over'))
    }
  }
  const begin = (call: RelayedCall): void => {
    after = call.call
    const over = new AbortController()
    inWork.set(call.call, { over, done: answer(call, over).finally(() => void inWork.delete(call.call)) })
  }
  const take = async (taken: AbortSignal): Promise<void> => {
    for (let failures = 0; !taken.aborted; ) {
      const room = new AbortController()
      const full = inWork.size >= most
      // With all places taken it still listens for callers that go away, until a place is free.
      if (full) void Promise.race([...inWork.values()].map(({ done }) => done)).then(() => room.abort())
      const signal = AbortSignal.any([taken, room.signal])
      try {
        const ask = () => server.nextCall({ after, full }, signal)
        const news = await untilDone(ask, { signal, ...(backoff && { backoff }) })
        failures = 0
        if (!news) continue
        if ('call' in news) begin(news)
        else for (const id of news.gone) inWork.get(id)?.over.abort(new Error('its caller went away'))
      } catch (error) {
        if (taken.aborted) return
        if (room.signal.aborted) continue
        failures++
        log('error', 'no calls could be fetched', { reason: String(error) })
        await sleep(waitAfter(failures, backoff), undefined, { signal: taken }).catch(() => undefined)
      }
    }
  }
  const start = (): void => {
    taking = new AbortController()
    loop = take(taking.signal)
  }
  start()
  return {
    drain: async () => {
      taking.abort(new Error('the worker drains'))
      await loop
      await Promise.all([...inWork.values()].map(({ done }) => done))
    },
    resume: () => {
      if (taking.signal.aborted) start()
    },
    stop: () => {
      taking.abort(new Error('the worker stops'))
      breaking.abort(new Error('the worker stops'))
    },
  }
}

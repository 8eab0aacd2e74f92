import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { WorkerError } from '../../errors.ts'

export type Outgoing = { method: 'GET' | 'POST'; url: URL; key?: string; body?: string }

const reasonOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)

/**
 * Sends a request; resolves with the answer's head, its body unread. Each has a connection of its own: a kept one may be closed
 * by the server just as it is used, which costs more than the connection saves. (Node's fetch gives up after five minutes
 * without a head, and Ray refuses it as a browser.)
 */
export const send = ({ method, url, key, body }: Outgoing, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method,
      signal,
      agent: false,
      headers: {
        accept: '*/*',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    })
    request.on('response', resolve)
    request.on('error', (cause) => {
      if (signal.aborted) return reject(signal.reason)
      const message = `The server at ${url.origin} does not answer (${reasonOf(cause)}). Start it, or look at its log.`
      reject(new WorkerError('engine_unreachable', message, { cause }))
    })
    request.end(body)
  })

/** The whole body as text, for answers of which little is expected. */
export const readText = async (answer: IncomingMessage, most = 20_000_000): Promise<string> => {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length
    if (length > most) throw new WorkerError('engine_unreachable', `The server's answer is larger than ${most} bytes.`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const isEventStream = (answer: IncomingMessage) => answer.headers['content-type']?.startsWith('text/event-stream')

const cut = (cause: unknown): string => {
  const error = new WorkerError('engine_crashed', 'The server broke the answer off. Try again.', { cause })
  return `\n\ndata: ${JSON.stringify(error)}\n\n`
}

/**
 * The answer, byte for byte, as fast as the reader takes it. A stream of events that breaks off ends with an error event,
 * never as if it were whole. `ended` is called once, however it ends.
 */
export const asResponse = (answer: IncomingMessage, signal: AbortSignal, ended: () => void): Response => {
  const parts = answer[Symbol.asyncIterator]()
  const finish = Promise.withResolvers<void>()
  void finish.promise.then(ended)
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await parts.next()
        if (!done) return controller.enqueue(value)
        controller.close()
      } catch (cause) {
        if (isEventStream(answer) && !signal.aborted) {
          controller.enqueue(new TextEncoder().encode(cut(cause)))
          controller.close()
        } else controller.error(cause)
      }
      finish.resolve()
    },
    cancel() {
      answer.destroy()
      finish.resolve()
    },
  })
  const { 'content-type': type, 'content-encoding': encoding, 'retry-after': after } = answer.headers
  return new Response(body, {
    status: answer.statusCode ?? 502,
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(encoding !== undefined && { 'content-encoding': encoding }),
      ...(after !== undefined && { 'retry-after': after }),
      'cache-control': 'no-store',
    },
  })
}

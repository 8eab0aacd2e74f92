import { PassThrough, pipeline, Readable, type Writable } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import type { Answer } from '#runtime/dispatch/answer.ts'
import { OpenAiError } from './errors.ts'

const done = /^data:\s*\[DONE\]\s*$/
const failed = /^data:\s*\{\s*"error"/

const encoder = new TextEncoder()
export const errorEvent = (error: OpenAiError): Uint8Array => encoder.encode(`data: ${JSON.stringify(error)}\n\n`)

const [newline, letterD, bracket] = [10, 100, 93]
const nothing: Buffer = Buffer.alloc(0)
/** The end of the last whole event in a piece of an event stream; 0 where there is none. */
const lastEnd = (bytes: Buffer): number => {
  // As nearly every piece: it ends with its last event.
  if (bytes.at(-1) === newline && bytes.at(-2) === newline) return bytes.length
  const at = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\n\r\n') + 1)
  return at <= 0 ? 0 : at + 2
}

/** The data of the last event that is no comment, of whole events. */
const lastEvent = (bytes: Buffer): string | undefined =>
  bytes
    .subarray(Math.max(0, bytes.length - 4_096))
    .toString('utf8')
    .split(/\r?\n\r?\n/)
    .findLast((event) => event.startsWith('data:'))

const isDone = (bytes: Buffer): boolean => done.test(lastEvent(bytes) ?? '')
const isWhole = (bytes: Buffer): boolean => isDone(bytes) || failed.test(lastEvent(bytes) ?? '')

const broken = (cause?: unknown) =>
  new OpenAiError(
    502,
    'stream_broken',
    'The model’s answer broke off: its worker was lost or stopped. What came is not a whole answer; ask again.',
    { cause },
  )

/**
 * Passes an answer of a worker on, event by event as the client takes it. A client that leaves ends it. It ends cleanly only
 * if the worker said `[DONE]`; else the last thing is an error event.
 */
export const relayEvents = (body: Readable, out: Writable): void => {
  let rest = nothing
  /** The last events that are more than comments: how they end is looked at once, at the end. */
  let latest = nothing
  let ended = false
  const end = (last?: Uint8Array) => {
    ended = true
    out.end(last)
  }
  body.on('data', (part: Buffer) => {
    if (ended) return
    const all = rest.length === 0 ? part : Buffer.concat([rest, part])
    const until = lastEnd(all)
    rest = until === all.length ? nothing : all.subarray(until)
    if (until === 0) return
    const events = until === all.length ? all : all.subarray(0, until)
    // In one piece with the end of the response: at many small answers a write is what costs.
    if (events.at(-3) === bracket && rest.length === 0 && isDone(events)) return end(events)
    if (events[0] === letterD || lastEvent(events) !== undefined) latest = events
    if (out.write(events)) return
    body.pause()
    out.once('drain', () => body.resume())
  })
  body.on('end', () => {
    if (!ended) end(isWhole(latest) ? undefined : errorEvent(broken()))
  })
  body.on('error', (cause) => {
    if (!ended) end(errorEvent(broken(cause)))
  })
  out.on('close', () => {
    // Of an answer that the client has whole, the connection to the worker is kept.
    if (!ended) body.destroy()
  })
}

/** Headers of a worker's answer that are the client's business. */
const passed = ['content-type', 'retry-after']

/**
 * Sends a head and lets `write` write the body: straight to the socket, since each layer of web streams costs a token about
 * as much as all else here. Without a socket (`app.request`) it is an ordinary response.
 */
const respond = (
  c: Context,
  status: number,
  headers: Record<string, string>,
  write: (out: Writable) => void,
): Response => {
  // Bindings are what the listener gives; hono does not know which one runs it.
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  if (outgoing) {
    outgoing.writeHead(status, headers)
    write(outgoing)
    return RESPONSE_ALREADY_SENT
  }
  const through = new PassThrough()
  write(through)
  // The cast: Node's type of a web stream and the global one differ in name only.
  return new Response(Readable.toWeb(through) as ReadableStream<Uint8Array>, { status, headers })
}

/** A worker's answer as the client gets it. A client that leaves before the end lets the worker stop. */
export const relay = (c: Context, { status, headers: told, body }: Answer): Response => {
  if (status === 401 || status === 403) {
    body?.destroy()
    // Between this server and its worker; the caller's key was fine.
    throw new OpenAiError(502, 'worker_refused', 'The worker refused this server. Restart the worker, then try again.')
  }
  const headers: Record<string, string> = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  for (const name of passed) {
    const value = told[name]
    if (value !== undefined) headers[name] = value
  }
  if (!body) return new Response(null, { status, headers })
  if (!headers['content-type']?.startsWith('text/event-stream'))
    return respond(c, status, headers, (out) => pipeline(body, out, () => undefined))
  headers['x-accel-buffering'] = 'no'
  return respond(c, status, headers, (out) => relayEvents(body, out))
}

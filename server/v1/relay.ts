import { OpenAiError } from './errors.ts'

const done = /^data:\s*\[DONE\]\s*$/
const failed = /^data:\s*\{\s*"error"/

const encoder = new TextEncoder()
export const errorEvent = (error: OpenAiError): Uint8Array => encoder.encode(`data: ${JSON.stringify(error)}\n\n`)

/** The end of the last whole event in a piece of an event stream; 0 where there is none. */
const lastEnd = (bytes: Buffer): number => {
  const at = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\n\r\n') + 1)
  if (at <= 0) return 0
  return bytes[at] === 13 ? at + 2 : at + 2
}

/** The data of the last event that is no comment, of whole events. */
const lastEvent = (bytes: Buffer): string | undefined =>
  bytes
    .subarray(Math.max(0, bytes.length - 4_096))
    .toString('utf8')
    .split(/\r?\n\r?\n/)
    .findLast((event) => event.startsWith('data:'))

const broken = (cause?: unknown) =>
  new OpenAiError(
    502,
    'stream_broken',
    'The model’s answer broke off: its worker was lost or stopped. What came is not a whole answer; ask again.',
    { cause },
  )

/**
 * An answer of a worker, passed on event by event as the client takes it. A client that leaves cancels it. It ends cleanly
 * only if the worker ended it with `[DONE]`; else the last thing is an error event.
 */
export const relayEvents = (body: ReadableStream<Uint8Array>, gone: () => void): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  let rest: Buffer = Buffer.alloc(0)
  let ended: 'done' | 'failed' | undefined

  /** The whole events that have come, or undefined at the end. */
  const next = async (): Promise<Buffer | undefined> => {
    for (;;) {
      const part = await reader.read()
      if (part.done) return undefined
      const all = rest.length === 0 ? Buffer.from(part.value) : Buffer.concat([rest, part.value])
      const end = lastEnd(all)
      rest = all.subarray(end)
      if (end > 0) return all.subarray(0, end)
    }
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const events = await next()
        if (events) {
          const last = lastEvent(events)
          if (last !== undefined) ended = done.test(last) ? 'done' : failed.test(last) ? 'failed' : undefined
          return controller.enqueue(events)
        }
        if (ended === undefined) controller.enqueue(errorEvent(broken()))
      } catch (cause) {
        controller.enqueue(errorEvent(broken(cause)))
      }
      controller.close()
    },
    async cancel(reason) {
      gone()
      await reader.cancel(reason).catch(() => undefined)
    },
  })
}

/** Headers of a worker's answer that are the client's business. */
const passed = ['content-type', 'retry-after']

/** A worker's answer as the client gets it. `gone` is called when the client leaves before the end. */
export const relay = (answer: Response, gone: () => void): Response => {
  if (answer.status === 401 || answer.status === 403)
    // Between this server and its worker; the caller's key was fine.
    throw new OpenAiError(502, 'worker_refused', 'The worker refused this server. Restart the worker, then try again.')
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const name of passed) {
    const value = answer.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const streams = headers.get('content-type')?.startsWith('text/event-stream')
  if (!streams || !answer.body) return new Response(answer.body, { status: answer.status, headers })
  headers.set('x-accel-buffering', 'no')
  return new Response(relayEvents(answer.body, gone), { status: answer.status, headers })
}

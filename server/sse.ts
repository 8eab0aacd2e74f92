import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

export type ServerEvent = { data: string; event?: string; id?: string }

/** Proxies close quiet connections after 30 to 60 seconds. */
const heartbeat = 15_000

/**
 * Sends events until the source ends or the client leaves, which aborts the signal that `source` got. A source that
 * throws ends the stream with what `failed` makes of it: a stream never ends cleanly on failure.
 */
export const sendEvents = (
  c: Context,
  source: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  failed: (error: unknown) => ServerEvent,
): Response => {
  // Tells nginx and its like to pass every event on at once.
  c.header('x-accel-buffering', 'no')
  // Nobody reads the body of an answer to HEAD, so that a stream would wait for its reader for ever.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
  return streamSSE(c, async (stream) => {
    const gone = new AbortController()
    stream.onAbort(() => gone.abort())
    const beat = setInterval(() => void stream.write(': \n\n'), heartbeat)
    try {
      for await (const event of source(gone.signal)) {
        if (!gone.signal.aborted) await stream.writeSSE(event)
        // The client may have left while this was written: then the source is not asked again.
        if (gone.signal.aborted) break
      }
    } catch (error) {
      if (!gone.signal.aborted) await stream.writeSSE(failed(error))
    } finally {
      clearInterval(beat)
    }
  })
}

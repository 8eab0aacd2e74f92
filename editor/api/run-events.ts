import { createParser } from 'eventsource-parser'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { Problem } from '#server/api.ts'
import { ApiError, apiErrorOf, send } from './client.ts'

export type Follow = {
  /** Everything that arrived since the last frame, in order. */
  onEvents: (events: readonly RunEvent[]) => void
  /** `lost` while the connection is being made again. */
  onConnection?: (state: 'open' | 'lost') => void
  /** The stream cannot go on: no such run, or signed out. */
  onRefused?: (error: ApiError) => void
}

const firstWait = 500
const longestWait = 10_000

/** Calls `flush` once per frame with what was pushed; a hidden page has no frames, so a timer stands in. */
const perFrame = <Item>(flush: (items: readonly Item[]) => void) => {
  let waiting: Item[] = []
  const deliver = () => {
    const items = waiting
    waiting = []
    flush(items)
  }
  return (item: Item) => {
    if (waiting.push(item) > 1) return
    if (document.hidden) setTimeout(deliver, 100)
    else requestAnimationFrame(deliver)
  }
}

type Take = (event: RunEvent, id: string) => void

/** Reads one connection to its end. True: nothing is left to tell. */
const read = async (run: string, lastId: string, signal: AbortSignal, take: Take): Promise<boolean> => {
  const response = await send('GET', `/api/runs/${encodeURIComponent(run)}/events`, {
    headers: { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) },
    signal,
  })
  if (response.status === 204) return true
  const parser = createParser({
    onEvent: ({ data, event, id }) => {
      if (event === 'error') throw apiErrorOf(JSON.parse(data) as Problem)
      take(JSON.parse(data) as RunEvent, id ?? '')
    },
  })
  const decoder = new TextDecoder()
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parser.feed(decoder.decode(part.value, { stream: true }))
  }
  return false
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/**
 * Follows a run to its end: reconnects with growing pauses and asks for what was missed by Last-Event-ID. Returns the way
 * to stop.
 * @example useEffect(() => followRun(id, { onEvents: apply }), [id])
 */
export const followRun = (run: string, { onEvents, onConnection, onRefused }: Follow): (() => void) => {
  const stop = new AbortController()
  const push = perFrame<RunEvent>((events) => !stop.signal.aborted && onEvents(events))
  let lastId = ''
  let ended = false
  let pause = firstWait
  const take = (event: RunEvent, id: string) => {
    if (id) lastId = id
    pause = firstWait
    ended ||= event.type === 'run-end'
    onConnection?.('open')
    push(event)
  }
  const loop = async () => {
    while (!ended && !stop.signal.aborted) {
      try {
        ended ||= await read(run, lastId, stop.signal, take)
      } catch (error) {
        if (stop.signal.aborted) return
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429
        if (refused) return onRefused?.(error)
      }
      if (ended || stop.signal.aborted) return
      onConnection?.('lost')
      await wait(pause, stop.signal)
      pause = Math.min(pause * 2, longestWait)
    }
  }
  void loop()
  return () => stop.abort()
}

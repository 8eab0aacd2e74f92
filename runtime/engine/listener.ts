import type { RunEvent } from './events.ts'

/** One reader of a run's events, with a queue of its own. */
export type Listener = {
  push: (event: RunEvent) => void
  /** Nothing follows what is queued. */
  end: () => void
  /** The reader goes, whether it has read all or not even begun. */
  leave: () => void
  events: AsyncIterable<RunEvent>
}

/** Hints that a slow reader can do without: what replaces them is told later. */
const isHint = (event: RunEvent): boolean =>
  event.type === 'step-delta' || event.type === 'step-progress' || (event.type === 'map-progress' && !event.ended)

/** Events wait for a slow reader; above `limit` it loses hints, never what is journaled. */
export const createListener = (left: () => void, signal?: AbortSignal, limit = 1_000): Listener => {
  let queue: RunEvent[] = []
  let wake: (() => void) | undefined
  let ended = false
  const end = () => {
    ended = true
    wake?.()
  }
  signal?.addEventListener('abort', end, { once: true })
  async function* events(): AsyncGenerator<RunEvent> {
    while (!signal?.aborted) {
      const ready = queue
      queue = []
      yield* ready
      if (queue.length > 0) continue
      if (ended) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      wake = undefined
    }
  }
  return {
    push: (event) => {
      if (ended || (queue.length >= limit && isHint(event))) return
      queue.push(event)
      wake?.()
    },
    end,
    leave: () => {
      signal?.removeEventListener('abort', end)
      left()
    },
    events: events(),
  }
}

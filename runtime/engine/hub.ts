import type { RunEvent } from './events.ts'
import { createListener, type Listener } from './listener.ts'

/** Fans the events of one run out to those who listen in this process. */
export type Hub = {
  /** Whether anyone listens: events need not be made otherwise. */
  readonly listening: () => boolean
  /** Tells a hint at once, or right after the journaled events before it. */
  hint: (event: RunEvent) => void
  /** Tells an event once the journal has it: nobody may hear of a step that a crash could undo. */
  journaled: (event: RunEvent) => void
  /** Hears all events from now on. */
  listen: (signal?: AbortSignal) => Listener
  /** After the events told so far nothing follows. */
  end: () => void
}

type Held = { event: RunEvent; number: number; hint: boolean }

export const createHub = (durable: () => Promise<void>): Hub => {
  const listeners = new Map<Listener, number>()
  let held: Held[] = []
  let number = 0
  let waiting = false
  let ending = false

  const deliver = ({ event, number: at }: Held) => {
    for (const [listener, from] of listeners) if (at >= from) listener.push(event)
  }
  const close = () => {
    for (const listener of listeners.keys()) listener.end()
  }
  const release = (count: number) => {
    waiting = false
    const free = held.findIndex((entry, at) => at >= count && !entry.hint)
    const ready = held.splice(0, free < 0 ? held.length : free)
    for (const entry of ready) deliver(entry)
    if (held.length > 0) hold()
    else if (ending) close()
  }
  const hold = () => {
    if (waiting) return
    waiting = true
    const count = held.length
    durable().then(
      () => release(count),
      () => {
        held = []
        close()
      },
    )
  }
  const add = (event: RunEvent, hint: boolean) => {
    const entry = { event, number: number++, hint }
    if (listeners.size === 0) return
    if (hint && held.length === 0) return deliver(entry)
    held.push(entry)
    hold()
  }
  return {
    listening: () => listeners.size > 0,
    hint: (event) => add(event, true),
    journaled: (event) => add(event, false),
    listen: (signal) => {
      const listener = createListener(() => listeners.delete(listener), signal)
      listeners.set(listener, number)
      return listener
    },
    end: () => {
      ending = true
      if (held.length === 0) close()
    },
  }
}

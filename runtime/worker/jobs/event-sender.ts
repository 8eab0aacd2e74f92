import { setTimeout as sleep } from 'node:timers/promises'
import type { JobEvent, Lease } from '../../dispatch/protocol.ts'
import { type Backoff, untilDone } from '../retry.ts'
import type { ServerClient } from '../server-client.ts'
import { isLeaseLost } from '../server-error.ts'

export type EventSenderOptions = {
  server: Pick<ServerClient, 'events'>
  lease: Lease
  onCancel: () => void
  /** The server refuses this attempt. */
  onLost: () => void
  /** Anything else that will not pass by itself. */
  onRefused: (error: unknown) => void
  backoff?: Backoff
}
export type EventSender = {
  tell: (event: JobEvent) => void
  /** Sends what is left; resolves when the server has it, or the lease is lost. */
  finish: () => Promise<void>
  stop: () => void
}

const mostAtOnce = 500
/** Beyond this, the oldest progress is left out: the newest says more. */
const mostWaiting = 5_000

/**
 * Renews a lease with the job's events: numbered from 1, sent again under the same numbers when an answer did not come, and an
 * empty list every third of the lease's time when nothing happens.
 */
export const startEventSender = (options: EventSenderOptions): EventSender => {
  const { server, lease, onCancel, onLost, onRefused, backoff = { first: 250, most: 3_000 } } = options
  const waiting: JobEvent[] = []
  const stopping = new AbortController()
  let wake = () => undefined as void
  let number = 0
  let ttl = lease.ttl
  let finishing = false

  const send = async (): Promise<void> => {
    const events = waiting.splice(0, mostAtOnce).map((event) => ({ number: ++number, event }))
    const { attempt, job } = lease
    const reply = await untilDone(() => server.events(job, { attempt, events }), { signal: stopping.signal, backoff })
    ttl = reply.ttl
    if (reply.cancel) onCancel()
  }
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (waiting.length === 0 && finishing) return
      if (waiting.length === 0) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve
        })
        const timer = new AbortController()
        const pause = sleep((ttl * 1_000) / 3, undefined, { signal: timer.signal }).catch(() => undefined)
        await Promise.race([woken, pause])
        timer.abort()
        if (stopping.signal.aborted || (finishing && waiting.length === 0)) return
      }
      await send()
    }
  }
  const done = loop().catch((error: unknown) => {
    if (stopping.signal.aborted) return
    if (isLeaseLost(error)) onLost()
    else onRefused(error)
  })

  return {
    tell: (event) => {
      if (waiting.length >= mostWaiting) {
        const oldest = waiting.findIndex(({ type }) => type === 'progress')
        if (oldest >= 0) waiting.splice(oldest, 1)
      }
      waiting.push(event)
      wake()
    },
    finish: async () => {
      finishing = true
      wake()
      await done
    },
    stop: () => {
      stopping.abort(new Error('the job is over'))
      wake()
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type BeatReply, beatEvery, type WorkerBeat, type WorkerOffer } from '../dispatch/protocol.ts'
import type { Log } from './log.ts'
import { waitAfter } from './retry.ts'
import type { ServerClient } from './server-client.ts'
import { ServerError } from './server-error.ts'

export type BeatsOptions = {
  server: Pick<ServerClient, 'offer' | 'beat' | 'server'>
  offer: () => Promise<WorkerOffer>
  beat: () => Promise<WorkerBeat>
  onReply: (reply: BeatReply) => void
  log: Log
  /** Milliseconds. */
  every?: number
}
export type Beats = {
  /** Beats now, such as when the worker begins to drain. */
  now: () => void
  /** Offers anew: what this worker can do has changed. */
  again: () => void
  stop: () => Promise<void>
}

/**
 * Tells the server what this worker has, then every five seconds how it does. After a silence the offer comes first again:
 * a server that was started anew, or moved, knows nothing of this one. It never gives up; what is wrong is said once.
 */
export const startBeats = ({ server, offer, beat, onReply, log, every = beatEvery }: BeatsOptions): Beats => {
  const stopping = new AbortController()
  let wake = () => undefined as void
  let woken = false
  let connected = false
  let offered = false
  let failures = 0
  let said = ''

  const once = async (): Promise<void> => {
    if (!offered || !connected) {
      // Before the offer is made: what changes meanwhile is offered with the next beat.
      offered = true
      await server.offer(await offer())
    }
    const reply = await server.beat(await beat())
    if (!connected) log('info', 'connected', { server: server.server })
    connected = true
    failures = 0
    said = ''
    onReply(reply)
  }
  const pause = async (ms: number): Promise<void> => {
    const timer = new AbortController()
    const early = new Promise<void>((resolve) => {
      wake = resolve
    })
    if (woken) wake()
    await Promise.race([early, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
    woken = false
  }
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let wait = every
      try {
        await once()
      } catch (error) {
        connected = false
        failures++
        // Soon at first, for the server counts the misses; never rarer than twice a minute.
        wait = waitAfter(failures, { first: Math.min(500, every), most: 30_000 })
        const message = error instanceof Error ? error.message : String(error)
        const level = error instanceof ServerError && error.passes ? 'warn' : 'error'
        if (message !== said) log(level, message, { triesAgainIn: Math.round(wait) })
        said = message
      }
      if (!stopping.signal.aborted) await pause(wait)
    }
  }
  const done = loop()
  const now = () => {
    woken = true
    wake()
  }
  return {
    now,
    again: () => {
      offered = false
      now()
    },
    stop: async () => {
      stopping.abort()
      wake()
      await done
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { RayError } from './errors.ts'

const tries = 20
const pause = 3_000

/**
 * Tries again for a minute while Ray is away or busy: its head may be started this moment, and one that was just started says
 * 500 to what needs its agent.
 */
export const whenReady = async <T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
  for (let tried = 1; ; tried++) {
    try {
      return await call()
    } catch (error) {
      signal?.throwIfAborted()
      const passes = error instanceof RayError && (error.code === 'ray-busy' || error.code === 'ray-unreachable')
      if (!passes || tried === tries) throw error
      await sleep(pause, undefined, { ...(signal && { signal }) })
    }
  }
}

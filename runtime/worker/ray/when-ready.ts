import { setTimeout as sleep } from 'node:timers/promises'
import { RayError } from './errors.ts'

const tries = 20
const pause = 3_000

/** Tries again while Ray is busy: a head that was just started has no agent yet, and says 500 to what needs one. */
export const whenReady = async <T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
  for (let tried = 1; ; tried++) {
    try {
      return await call()
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof RayError) || error.code !== 'ray-busy' || tried === tries) throw error
      await sleep(pause, undefined, { ...(signal && { signal }) })
    }
  }
}

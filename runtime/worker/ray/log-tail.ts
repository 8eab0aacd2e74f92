import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { RayError } from './errors.ts'
import { askRay, type RayTarget } from './http.ts'
import { isOver, type RayJobDetails, rayJob } from './jobs.ts'
import { readSocket } from './text-socket.ts'

/** Milliseconds between two looks at a job, and after a connection that broke. */
const pause = 1_000
/** Looks that may fail in a row before the cluster counts as gone: about five minutes. */
const mostFailures = 60

const wholeLog = z.object({ logs: z.string() })

/** One connection to the end of the log: text as it comes, from the beginning. */
const followOnce = (ray: RayTarget, at: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> => {
  const url = new URL(`${at}/logs/tail`, ray.url.endsWith('/') ? ray.url : `${ray.url}/`)
  return readSocket(url, ray.token === undefined ? {} : { authorization: `Bearer ${ray.token}` }, onText, signal)
}

/**
 * Gives every line that a job writes, from its first one, until the job is over; resolves with how it ended. Connections that
 * break are made again, and what was read is not given twice. Aborting stops the reading, not the job.
 */
export const followJob = async (
  ray: RayTarget,
  id: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<RayJobDetails> => {
  let read = 0
  let rest = ''
  let failures = 0
  let broken = 0
  const at = `api/jobs/${encodeURIComponent(id)}`
  const take = (fresh: string): void => {
    read += fresh.length
    const lines = (rest + fresh).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  /** Whatever the connections missed. */
  const catchUp = async (): Promise<void> => {
    try {
      take((await askRay(ray, `${at}/logs`, wholeLog, { signal })).logs.slice(read))
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof RayError)) throw error // the node that it ran on may be gone, with its logs
    }
  }
  const look = async (): Promise<RayJobDetails | undefined> => {
    try {
      const job = await rayJob(ray, id, signal)
      failures = 0
      if (!job)
        throw new RayError(
          'job-lost',
          `Ray no longer knows the job ${id}. Its head was started anew, or somebody deleted it.`,
        )
      return job
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof RayError) || error.code !== 'ray-unreachable' || ++failures > mostFailures) throw error
      return undefined
    }
  }
  for (;;) {
    signal.throwIfAborted()
    // Looked at before the log is read: what a job that is over wrote is then read whole.
    const job = await look()
    if (job?.status === 'PENDING' || !job) {
      await sleep(pause, undefined, { signal }).catch(() => undefined)
      continue
    }
    if (isOver(job.status)) {
      await catchUp()
      if (rest !== '') onLine(rest)
      return job
    }
    let seen = 0
    await followOnce(
      ray,
      at,
      (text) => {
        take(text.slice(Math.max(0, read - seen)))
        seen += text.length
      },
      signal,
    )
    // The tail ends with the job; when it ended otherwise, the whole log says what it missed, rarer each time.
    const now = await look()
    if (!now || isOver(now.status)) continue
    await catchUp()
    broken++
    await sleep(Math.min(broken, 10) * pause, undefined, { signal }).catch(() => undefined)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { RayError } from './errors.ts'
import { askRay, type RayTarget } from './http.ts'
import { isOver, type RayJobDetails, rayJob } from './jobs.ts'

/** Milliseconds between two looks at a job, and after a connection that broke. */
const pause = 1_000
/** Looks that may fail in a row before the cluster counts as gone: about five minutes. */
const mostFailures = 60

const wholeLog = z.object({ logs: z.string() })

/** One connection to the end of the log: text as it comes, from the beginning. Ray's own WebSocket takes Node's. */
const followOnce = (ray: RayTarget, at: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const url = new URL(`${at}/logs/tail`, ray.url.endsWith('/') ? ray.url : `${ray.url}/`)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const headers = ray.token === undefined ? {} : { authorization: `Bearer ${ray.token}` }
    // Node's takes headers in place of protocols; the types of the browser, which win here, do not know that.
    const socket = new WebSocket(url, { headers } as unknown as string[])
    const close = () => socket.close()
    signal.addEventListener('abort', close, { once: true })
    const end = () => {
      signal.removeEventListener('abort', close)
      resolve()
    }
    socket.onmessage = ({ data }) => onText(String(data))
    socket.onerror = end
    socket.onclose = end
    if (signal.aborted) close()
  })

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
  const at = `api/jobs/${encodeURIComponent(id)}`
  const take = (fresh: string): void => {
    read += fresh.length
    const lines = (rest + fresh).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
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
      // Whatever the connections missed.
      const { logs } = await askRay(ray, `${at}/logs`, wholeLog, { signal }).catch((error) => {
        signal.throwIfAborted()
        if (error instanceof RayError) return { logs: '' } // the node that it ran on may be gone, with its logs
        throw error
      })
      take(logs.slice(read))
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
    // The tail ends with the job; when it ended otherwise, the next round goes on.
    const now = await look()
    if (now && !isOver(now.status)) await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}

import { Worker } from 'node:worker_threads'
import { DatabaseError } from '../database-error.ts'
import type { Reply, Request, WorkerSettings } from './protocol.ts'

export type Rows = Record<string, unknown>[]
type Call = { resolve: (rows: Rows) => void; reject: (error: unknown) => void }
/** A request without the number that `ask` gives it. */
export type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

export type WorkerLink = {
  ask: (request: Ask) => Promise<Rows>
  /** The thread is gone, and every later question is refused. */
  isLost: () => boolean
  stop: () => Promise<void>
}

/** Starts a PGlite thread and talks to it. Rejects when it cannot open its files. */
export const startWorker = async (
  settings: WorkerSettings,
  heard: (channel: string, payload: string) => void,
): Promise<WorkerLink> => {
  // Without the flags of this process: an inspector's port or an input type is not for a second thread.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: settings,
    name: 'pglite',
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
  })
  const calls = new Map<number, Call>()
  let lost: DatabaseError | undefined
  let last = 0
  const lose = (why: string) => {
    lost ??= new DatabaseError(
      'connection-lost',
      `The embedded database stopped: ${why}. Nothing acknowledged is lost.`,
    )
    for (const call of calls.values()) call.reject(lost)
    calls.clear()
  }
  await new Promise<void>((ready, failed) => {
    worker.once('message', () => ready())
    worker.on('error', (error) => {
      lose(String(error))
      failed(error)
    })
    worker.on('exit', (code) => {
      lose(`its thread ended with code ${code}`)
      failed(lost)
    })
  })
  worker.on('message', (reply: Reply) => {
    if ('channel' in reply) return heard(reply.channel, reply.payload)
    if (!('id' in reply)) return
    const call = calls.get(reply.id)
    calls.delete(reply.id)
    if (calls.size === 0) worker.unref()
    if ('rows' in reply) call?.resolve(reply.rows)
    else call?.reject(new DatabaseError(reply.error.code, reply.error.message, reply.error))
  })
  // Only an open question keeps the process alive, so a command-line run can simply end.
  worker.unref()
  return {
    ask: (request) => {
      if (lost) return Promise.reject(lost)
      return new Promise((resolve, reject) => {
        const id = ++last
        if (calls.size === 0) worker.ref()
        calls.set(id, { resolve, reject })
        worker.postMessage({ ...request, id })
      })
    },
    isLost: () => lost !== undefined,
    stop: async () => {
      lose('it was closed')
      await worker.terminate()
    },
  }
}

import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Database, Query } from '../database.ts'
import { DatabaseError } from '../database-error.ts'
import { transactionGuard } from '../transaction-guard.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import type { Reply, Request, WorkerSettings } from './protocol.ts'

type Rows = Record<string, unknown>[]
type Call = { resolve: (rows: Rows) => void; reject: (error: unknown) => void }
/** A request without the number that `ask` gives it. */
type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

const gone = (why: string) =>
  new DatabaseError(
    'connection-lost',
    `The embedded database stopped: ${why}. Start Patchbay again; nothing acknowledged is lost.`,
  )

const startWorker = async (settings: WorkerSettings, heard: (channel: string, payload: string) => void) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: settings,
    name: 'pglite',
    execArgv: [],
  })
  const calls = new Map<number, Call>()
  let lost: DatabaseError | undefined
  let last = 0
  const lose = (why: string) => {
    lost ??= gone(why)
    for (const call of calls.values()) call.reject(lost)
    calls.clear()
  }
  await new Promise<void>((ready, failed) => {
    worker.once('error', failed)
    worker.once('message', () => {
      worker.off('error', failed)
      ready()
    })
  })
  worker.on('error', (error) => lose(String(error)))
  worker.on('exit', (code) => lose(`its thread ended with code ${code}`))
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
  const ask = (request: Ask): Promise<Rows> => {
    if (lost) return Promise.reject(lost)
    return new Promise((resolve, reject) => {
      const id = ++last
      if (calls.size === 0) worker.ref()
      calls.set(id, { resolve, reject })
      worker.postMessage({ ...request, id })
    })
  }
  return { ask, stop: () => worker.terminate(), lose }
}

/** How often dead rows are vacuumed and the write-ahead log is cut, in ms. */
const maintenanceInterval = 10 * 60_000

export type EmbeddedDatabase = Database & {
  driver: 'pglite'
  /** How often the host was asked to put a file on disk since the start. */
  fsyncs: () => Promise<number>
  /** VACUUM, ANALYZE and CHECKPOINT, as the timer does. */
  maintain: () => Promise<void>
}

/** Opens PGlite in a worker thread: in a folder (created and locked for this process), or in memory when it is null. */
export const openPglite = async (folder: string | null): Promise<EmbeddedDatabase> => {
  const lock: FolderLock | undefined = folder === null ? undefined : lockFolder(resolve(folder))
  const listeners = new Map<string, Set<(payload: string) => void>>()
  const worker = await startWorker(
    { folder: folder === null ? null : join(resolve(folder), 'pgdata') },
    (channel, payload) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload)
    },
  ).catch((error: unknown) => {
    lock?.release()
    throw error
  })
  const guard = transactionGuard()
  let lanes = 0
  const queryIn =
    (lane: number): Query =>
    async <Row extends Record<string, unknown>>(sql: string, params: readonly unknown[] = []) =>
      // The caller names the row type of its own SQL.
      (await worker.ask({ op: 'query', lane, sql, params })) as Row[]
  const plain = queryIn(0)
  const maintain = async () => {
    await worker.ask({ op: 'maintain', lane: 0 })
  }
  const timer =
    folder === null ? undefined : setInterval(() => void maintain().catch(() => undefined), maintenanceInterval)
  timer?.unref()
  let closing: Promise<void> | undefined
  return {
    driver: 'pglite',
    query: (sql, params) => {
      guard.check()
      return plain(sql, params)
    },
    transaction: async (work) => {
      guard.check()
      const lane = ++lanes
      await worker.ask({ op: 'begin', lane })
      try {
        const result = await guard.enter(() => work(queryIn(lane)))
        await worker.ask({ op: 'commit', lane })
        return result
      } catch (error) {
        await worker.ask({ op: 'rollback', lane }).catch(() => undefined)
        throw error
      }
    },
    listen: async (channel, heard) => {
      const known = listeners.get(channel)
      if (known) known.add(heard)
      else {
        listeners.set(channel, new Set([heard]))
        await worker.ask({ op: 'listen', lane: 0, channel })
      }
      return async () => {
        const set = listeners.get(channel)
        set?.delete(heard)
        if (set?.size !== 0) return
        listeners.delete(channel)
        await worker.ask({ op: 'unlisten', lane: 0, channel })
      }
    },
    fsyncs: async () => Number((await worker.ask({ op: 'fsyncs', lane: 0 }))[0]?.fsyncs),
    maintain,
    close: () => {
      closing ??= (async () => {
        clearInterval(timer)
        await worker.ask({ op: 'close', lane: 0 }).catch(() => undefined)
        worker.lose('it was closed')
        await worker.stop()
        lock?.release()
      })()
      return closing
    },
  }
}

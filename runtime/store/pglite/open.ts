import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Query } from '../database.ts'
import { transactionGuard } from '../transaction-guard.ts'
import { lockFolder } from './folder-lock.ts'
import { startWorker, type WorkerLink } from './worker-link.ts'

/** How often dead rows are vacuumed and the write-ahead log is cut, in ms. */
const maintenanceInterval = 10 * 60_000
/** Between two starts of a database that broke, in ms. */
const restartPause = 1_000

export type EmbeddedDatabase = Database & {
  driver: 'pglite'
  /** How often the host was asked to put a file on disk since the start. */
  fsyncs: () => Promise<number>
  /** VACUUM, ANALYZE and CHECKPOINT, as the timer does. */
  maintain: () => Promise<void>
}

/** Who is to hear of notifications, by channel. */
const createListeners = () => {
  const listeners = new Map<string, Set<(payload: string) => void>>()
  return {
    channels: () => [...listeners.keys()],
    tell: (channel: string, payload: string) => {
      for (const heard of listeners.get(channel) ?? []) heard(payload)
    },
    /** True for the first of a channel. */
    add: (channel: string, heard: (payload: string) => void): boolean => {
      const known = listeners.get(channel)
      known?.add(heard)
      if (!known) listeners.set(channel, new Set([heard]))
      return !known
    },
    /** True for the last of a channel. */
    remove: (channel: string, heard: (payload: string) => void): boolean => {
      const known = listeners.get(channel)
      known?.delete(heard)
      return known?.size === 0 && listeners.delete(channel)
    },
  }
}
type Listeners = ReturnType<typeof createListeners>

/**
 * A link that is started anew when the database broke (a failed fsync ends it on purpose): its files recover like after a
 * kill. One in memory has nothing to recover from and stays lost.
 */
const createLink = async (folder: string | null, listeners: Listeners) => {
  const start = async (): Promise<WorkerLink> => {
    const link = await startWorker({ folder }, listeners.tell)
    for (const channel of listeners.channels()) await link.ask({ op: 'listen', lane: 0, channel })
    return link
  }
  let current = await start()
  let starting: Promise<void> | undefined
  let begun = Date.now()
  let closed = false
  const restart = async () => {
    await sleep(Math.max(0, begun + restartPause - Date.now()), undefined, { ref: false })
    begun = Date.now()
    if (!closed) current = await start()
  }
  return {
    /** The one to ask now. A transaction keeps the one that it began with. */
    usable: async (): Promise<WorkerLink> => {
      if (!current.isLost() || folder === null || closed) return current
      starting ??= restart()
        // Whoever asks next tries again; this question is refused by the lost link.
        .catch(() => undefined)
        .finally(() => {
          starting = undefined
        })
      await starting
      return current
    },
    close: async () => {
      closed = true
      await starting
      await current.ask({ op: 'close', lane: 0 }).catch(() => undefined)
      await current.stop()
    },
  }
}

/** Opens PGlite in a worker thread: in a folder (created and locked for this process), or in memory when it is null. */
export const openPglite = async (folder: string | null): Promise<EmbeddedDatabase> => {
  const lock = folder === null ? undefined : lockFolder(resolve(folder))
  const listeners = createListeners()
  const link = await createLink(folder === null ? null : join(resolve(folder), 'pgdata'), listeners).catch(
    (error: unknown) => {
      lock?.release()
      throw error
    },
  )
  const guard = transactionGuard()
  let lanes = 0
  const queryIn =
    (on: WorkerLink, lane: number): Query =>
    async <Row extends Record<string, unknown>>(sql: string, params: readonly unknown[] = []) =>
      // The caller names the row type of its own SQL.
      (await on.ask({ op: 'query', lane, sql, params })) as Row[]
  const maintain = async () => {
    await (await link.usable()).ask({ op: 'maintain', lane: 0 })
  }
  const timer =
    folder === null ? undefined : setInterval(() => void maintain().catch(() => undefined), maintenanceInterval)
  timer?.unref()
  let closing: Promise<void> | undefined
  return {
    driver: 'pglite',
    query: async (sql, params) => {
      guard.check()
      return queryIn(await link.usable(), 0)(sql, params)
    },
    transaction: async (work) => {
      guard.check()
      const lane = ++lanes
      const on = await link.usable()
      await on.ask({ op: 'begin', lane })
      try {
        const result = await guard.enter(() => work(queryIn(on, lane)))
        await on.ask({ op: 'commit', lane })
        return result
      } catch (error) {
        await on.ask({ op: 'rollback', lane }).catch(() => undefined)
        throw error
      }
    },
    listen: async (channel, heard) => {
      if (listeners.add(channel, heard)) await (await link.usable()).ask({ op: 'listen', lane: 0, channel })
      return async () => {
        if (listeners.remove(channel, heard)) await (await link.usable()).ask({ op: 'unlisten', lane: 0, channel })
      }
    },
    fsyncs: async () => Number((await (await link.usable()).ask({ op: 'fsyncs', lane: 0 }))[0]?.fsyncs),
    maintain,
    close: () => {
      closing ??= (async () => {
        clearInterval(timer)
        await link.close()
        lock?.release()
      })()
      return closing
    },
  }
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { beatEvery, beatsMissed } from '#runtime/dispatch/protocol.ts'
import type { Database } from '#runtime/store/database.ts'
import type { Sealer } from '#runtime/store/sealer.ts'
import { createWorker, deleteWorker, forgetBeat, listWorkers, renewWorkerToken } from '#runtime/store/workers.ts'

/** What people see; several workers may have it. */
const name = 'local'
/** In the data folder: which worker is this server's own, and which process last said so. */
const claim = z.object({ id: z.string(), host: z.string(), pid: z.int() })

export type OwnWorkerOptions = { database: Database; sealer: Sealer; workspace: string; data: string }
export type OwnWorker = {
  id: string
  /** Nobody else knows it. */
  token: string
  /** Removes a worker that no later start will know again. */
  release: () => Promise<void>
}

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // there, and somebody else's
  }
}

/** Undefined also where it cannot be read: a worker more in the list is better than a server that does not start. */
const readClaim = async (file: string): Promise<z.infer<typeof claim> | undefined> => {
  try {
    return claim.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/**
 * The worker of this server itself: the one that its data folder names, whatever others are called. A second server that
 * runs over the same folder gets one of its own for as long as it runs.
 */
export const claimOwnWorker = async (options: OwnWorkerOptions): Promise<OwnWorker> => {
  const { sealer, workspace, data } = options
  const { query } = options.database
  const file = join(data, 'own-worker.json')
  const known = await readClaim(file)
  const row = known && (await listWorkers(query, sealer, workspace)).find(({ id }) => id === known.id)
  if (!known || !row) {
    const made = await createWorker(query, workspace, name)
    await mkdir(data, { recursive: true })
    await writeFile(file, JSON.stringify({ id: made.id, host: hostname(), pid: process.pid }))
    return { ...made, release: async () => undefined }
  }
  // Of a process on another machine only its worker's heartbeats tell whether it runs.
  const isTaken =
    known.host === hostname()
      ? known.pid !== process.pid && runs(known.pid)
      : row.silentFor !== null && row.silentFor < beatEvery * beatsMissed
  if (isTaken) {
    const made = await createWorker(query, workspace, name)
    return { ...made, release: async () => void (await deleteWorker(query, workspace, made.id)) }
  }
  await writeFile(file, JSON.stringify({ id: row.id, host: hostname(), pid: process.pid }))
  // What a former process of it said is over.
  await forgetBeat(query, workspace, row.id)
  return { id: row.id, token: await renewWorkerToken(query, workspace, row.id), release: async () => undefined }
}

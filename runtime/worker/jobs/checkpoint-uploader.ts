import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact } from '#nodes/ports.ts'
import type { JobEvent } from '../../dispatch/protocol.ts'
import { type ByteServer, type TransferOptions, upload } from '../transfer.ts'
import { snapshotFolder } from './snapshot.ts'

export type CheckpointUploaderOptions = {
  server: ByteServer
  /** For snapshots. */
  folder: string
  /** Milliseconds between uploads. */
  every: number
  tell: (event: JobEvent) => void
  onError: (error: unknown) => void
} & TransferOptions
export type CheckpointUploader = {
  /** Takes a checkpoint as it is now; the newest is uploaded when its time has come. */
  take: (folder: string) => void
  /** Uploads the newest at once, if it was not yet. */
  flush: () => Promise<void>
  stop: () => void
}

/** Uploads a job's checkpoints, the newest only and one at a time, by digest; the server is told when all of its files are there. */
export const createCheckpointUploader = (options: CheckpointUploaderOptions): CheckpointUploader => {
  const { server, folder, every, tell, onError, signal, backoff } = options
  let newest: { names: string[]; at: string } | undefined
  let working: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let last = Number.NEGATIVE_INFINITY
  let count = 0

  const uploadNewest = async (): Promise<void> => {
    const taken = newest
    if (!taken) return
    newest = undefined
    last = performance.now()
    try {
      const files: Record<string, Artifact> = {}
      for (const name of taken.names)
        files[name] = await upload(server, join(taken.at, name), { signal, ...(backoff && { backoff }) })
      tell({ type: 'checkpoint', files })
    } finally {
      await rm(taken.at, { recursive: true, force: true })
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // The next one is uploaded even where this one could not be.
    working = working.catch(() => undefined).then(uploadNewest)
    return working
  }
  return {
    take: (from) => {
      const old = newest?.at
      const at = join(folder, String(++count))
      newest = { names: snapshotFolder(from, at), at }
      if (old) void rm(old, { recursive: true, force: true })
      timer ??= setTimeout(
        () => void flush().catch((error: unknown) => signal.aborted || onError(error)),
        Math.max(0, last + every - performance.now()),
      )
    },
    flush,
    stop: () => clearTimeout(timer),
  }
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type FolderLock = { release: () => void }

const readHolder = (file: string): number | undefined => {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // EPERM: alive, but somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
      ? Number(readFileSync(file, 'utf8'))
      : undefined
  }
}

/**
 * Makes this process the only opener of a data folder; two openers of PGlite's files corrupt them silently.
 *
 * The lock is the operating system's own file lock, held through an exclusive SQLite transaction, because Node has no
 * call for one. The kernel drops it when the process ends however it ends, so there is no stale lock to judge and none
 * to steal: a pid file or a socket can be unlinked by two starters at once, and a pid can be reused. Having the lock
 * proves that every earlier holder is dead. The pid file beside it serves the error message only.
 */
export const lockFolder = (folder: string): FolderLock => {
  mkdirSync(folder, { recursive: true })
  const pidFile = join(folder, 'lock.pid')
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    lock.close()
    const pid = readHolder(pidFile)
    const who = pid === undefined ? 'another process' : pid === process.pid ? 'this process' : `process ${pid}`
    throw new Error(
      `The data folder ${folder} is in use by ${who}. Stop it first, give this one another folder with PATCHBAY_DATA, ` +
        'or set DATABASE_URL to a PostgreSQL server, which many processes can share.',
      { cause },
    )
  }
  writeFileSync(pidFile, String(process.pid))
  return { release: () => lock.close() }
}

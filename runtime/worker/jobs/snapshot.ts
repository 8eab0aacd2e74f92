import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files of a folder as they are now, in another one. Linked where the disk can: a program that replaces a file by renaming,
 * as savers of checkpoints do, leaves the link on the old bytes. Synchronous, so nothing changes half-way.
 */
export const snapshotFolder = (from: string, to: string): string[] => {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  const names = readdirSync(from, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(tmp|part)$/.test(entry.name))
    .map(({ name }) => name)
  for (const name of names) {
    try {
      linkSync(join(from, name), join(to, name))
    } catch {
      copyFileSync(join(from, name), join(to, name))
    }
  }
  return names
}

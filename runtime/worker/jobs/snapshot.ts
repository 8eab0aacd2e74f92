import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

const linkOrCopy = (from: string, to: string): void => {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

/** The file as it is now, alone in the folder of its new place. */
export const snapshotFile = (from: string, to: string): void => {
  rmSync(dirname(to), { recursive: true, force: true })
  mkdirSync(dirname(to), { recursive: true })
  linkOrCopy(from, to)
}

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
  for (const name of names) linkOrCopy(join(from, name), join(to, name))
  return names
}

import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measure } from './engine.ts'

const root = join(import.meta.dirname, '../..')

/** Bytes on disk of a folder, in blocks as `du` counts them, without packages nested in it. */
const sizeOf = (folder: string): number => {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += entry.name === 'node_modules' ? 0 : sizeOf(path)
    else if (!entry.isSymbolicLink()) bytes += lstatSync(path).blocks * 512
  }
  return bytes
}

/** Megabytes of what the lockfile installs on this machine, with and without what only development needs. */
export const installSize = (): Measure[] => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  let all = 0
  let needed = 0
  for (const [path, { dev }] of Object.entries(packages)) {
    if (path === '') continue
    try {
      const bytes = sizeOf(join(root, path))
      all += bytes
      if (!dev) needed += bytes
    } catch {
      // For another platform.
    }
  }
  return [
    { what: '`npm ci`', value: all / 1e6, unit: 'MB', goal: '≤ 950' },
    { what: '`npm ci --omit=dev`', value: needed / 1e6, unit: 'MB', goal: '≤ 600' },
  ]
}

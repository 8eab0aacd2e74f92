import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifacts } from './artifacts.ts'
import { syncFolder } from './sync-folder.ts'
import { openUploads, type Uploads } from './uploads.ts'

const digestOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

const writeWhole = async (folder: string, name: string, body: Uint8Array): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.${randomUUID()}`)
  const handle = await open(temporary, 'wx')
  try {
    await handle.writeFile(body)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, join(folder, name))
  await syncFolder(folder)
}

export type FileArtifacts = Artifacts & {
  /** Its size, or undefined where it is not there. */
  size: (sha256: string) => Promise<number | undefined>
  /** Its bytes from `start` to before `end`, as they are read from disk; not checked against the digest. */
  stream: (sha256: string, start: number, end: number) => AsyncIterable<Uint8Array>
  uploads: Uploads
  /** Removes what was last written before `before` and is not to be kept; returns how many. */
  sweep: (keep: (sha256: string) => boolean, before: Date) => Promise<number>
}

const sweepFolder = async (
  folder: string,
  prefix: string,
  keep: (sha256: string) => boolean,
  before: Date,
): Promise<number> => {
  let removed = 0
  for (const name of await readdir(join(folder, prefix))) {
    const path = join(folder, prefix, name)
    // Names that begin with a dot are unfinished writes, left by a process that was killed.
    if (!name.startsWith('.') && keep(prefix + name)) continue
    if ((await stat(path)).mtime >= before) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}

/**
 * Artifacts as files named by their SHA-256, in 256 folders by its first two digits.
 * @example const artifacts = openArtifacts('.patchbay/artifacts')
 */
export const openArtifacts = (folder: string): FileArtifacts => {
  const placeOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`${sha256} is no SHA-256 in lower-case hex.`)
    return { folder: join(folder, sha256.slice(0, 2)), name: sha256.slice(2) }
  }
  const has = async (sha256: string): Promise<boolean> => {
    const place = placeOf(sha256)
    return access(join(place.folder, place.name)).then(
      () => true,
      () => false,
    )
  }
  const size = async (sha256: string): Promise<number | undefined> => {
    const place = placeOf(sha256)
    return (await stat(join(place.folder, place.name)).catch(() => undefined))?.size
  }
  return {
    has,
    size,
    stream: (sha256, start, end) => {
      const place = placeOf(sha256)
      return createReadStream(join(place.folder, place.name), { start, end: end - 1 })
    },
    uploads: openUploads(join(folder, 'uploads'), placeOf),
    write: async (body, mime, name) => {
      const sha256 = digestOf(body)
      const place = placeOf(sha256)
      // Written anew, what is there already is as young as if it had not been: the sweep leaves it alone.
      const now = new Date()
      await utimes(join(place.folder, place.name), now, now).catch(() => writeWhole(place.folder, place.name, body))
      return { sha256, mime, bytes: body.byteLength, ...(name !== undefined && { name }) }
    },
    read: async (sha256) => {
      const place = placeOf(sha256)
      const body = await readFile(join(place.folder, place.name)).catch((cause: unknown) => {
        throw new Error(
          `Artifact ${sha256} is not in ${folder}. Restore it from a backup, or run the pipeline again.`,
          { cause },
        )
      })
      if (digestOf(body) !== sha256)
        throw new Error(
          `Artifact ${sha256} in ${folder} is damaged. Restore it from a backup, or run the pipeline again.`,
        )
      return body
    },
    sweep: async (keep, before) => {
      let removed = 0
      const prefixes = await readdir(folder).catch(() => [])
      for (const prefix of prefixes)
        if (/^[0-9a-f]{2}$/.test(prefix)) removed += await sweepFolder(folder, prefix, keep, before)
      return removed
    },
  }
}

/** Artifacts of an in-memory database: in a folder of the system's temporary ones, gone after `close`. */
export const openTemporaryArtifacts = async (): Promise<FileArtifacts & { close: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-'))
  return { ...openArtifacts(folder), close: () => rm(folder, { recursive: true, force: true }) }
}

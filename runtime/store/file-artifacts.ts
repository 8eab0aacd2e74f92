import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifacts } from './artifacts.ts'
import { syncFolder } from './sync-folder.ts'

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

/**
 * Artifacts as files named by their SHA-256, in 256 folders by its first two digits.
 * @example const artifacts = openArtifacts('.patchbay/artifacts')
 */
export const openArtifacts = (folder: string): Artifacts => {
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
  return {
    has,
    write: async (body, mime, name) => {
      const sha256 = digestOf(body)
      const place = placeOf(sha256)
      if (!(await has(sha256))) await writeWhole(place.folder, place.name, body)
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
  }
}

/** Artifacts of an in-memory database: in a folder of the system's temporary ones, gone after `close`. */
export const openTemporaryArtifacts = async (): Promise<Artifacts & { close: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-'))
  return { ...openArtifacts(folder), close: () => rm(folder, { recursive: true, force: true }) }
}

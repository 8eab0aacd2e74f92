import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import type { PGlite } from '@electric-sql/pglite'

/**
 * A new cluster, kept as an archive beside the installed packages. Unpacking it takes 0.65 s of CPU where initdb takes
 * 4.9 s, which every in-memory database (each command-line run, each test file) would pay again. `npm start` makes it while
 * the editor is built. Absent or unreadable, it is simply made anew.
 */
const placeOf = async (): Promise<string> => {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  return fileURLToPath(new URL(`../../../node_modules/.cache/patchbay/pglite-${version}.tar.zst`, import.meta.url))
}

export const hasTemplate = async (): Promise<boolean> => existsSync(await placeOf())

/** A tar archive of the cluster's files. */
export const readTemplate = async (): Promise<Buffer<ArrayBuffer> | undefined> => {
  try {
    return await promisify(zstdDecompress)(await readFile(await placeOf()))
  } catch {
    return undefined
  }
}

/** Keeps a cluster that has just been made, before anything is in it. A read-only installation goes without. */
export const keepTemplate = async (database: PGlite): Promise<void> => {
  let temporary: string | undefined
  try {
    const place = await placeOf()
    const archive = new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer())
    const packed = await promisify(zstdCompress)(archive, {
      // PGlite unpacks whatever it is given, so the archive carries its own checksum.
      params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
    })
    await mkdir(dirname(place), { recursive: true })
    temporary = `${place}.${randomUUID()}`
    await writeFile(temporary, packed)
    await rename(temporary, place)
  } catch {
    if (temporary) await rm(temporary, { force: true }).catch(() => undefined)
  }
}

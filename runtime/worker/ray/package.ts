import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { RayError } from './errors.ts'

/**
 * What one upload may hold. Ray writes of 500 MiB, but its dashboard reads no body over 100 MiB
 * (`DASHBOARD_CLIENT_MAX_SIZE` of Ray 2.60), and the body is the zip with its directory.
 */
export const packageLimit = 95 * 2 ** 20

/** Files by their name in the package: a path, or the text itself. */
export type PackageFiles = Record<string, { path: string } | { text: string }>
export type RayPackage = {
  /** `_ray_pkg_<digest of the contents>.zip`: the same files are the same package, which Ray keeps once. */
  name: string
  uri: string
  bytes: number
  /** The zip, made while it is read. */
  zip: () => AsyncIterable<Uint8Array>
}

/** Files of a folder as a package has them below `under`. Hidden files and Python's caches stay out. */
export const filesBelow = async (folder: string, under: string): Promise<PackageFiles> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && name !== '__pycache__')
      .map(async (entry): Promise<PackageFiles> => {
        const path = join(folder, entry.name)
        const name = `${under}/${entry.name}`
        return entry.isDirectory() ? filesBelow(path, name) : { [name]: { path } }
      }),
  )
  return Object.assign({}, ...found)
}

/** Bytes of a file or, with all that is in it, of a folder. */
export const sizeOf = async (path: string): Promise<number> => {
  const about = await stat(path)
  if (!about.isDirectory()) return about.size
  const names = await readdir(path)
  return (await Promise.all(names.map((name) => sizeOf(join(path, name))))).reduce((sum, size) => sum + size, 0)
}

type Source = PackageFiles[string]
const read = (source: Source): AsyncIterable<Uint8Array> =>
  'path' in source
    ? createReadStream(source.path, { highWaterMark: 1 << 20 })
    : (async function* () {
        yield Buffer.from(source.text)
      })()

const digestOf = async (source: Source): Promise<{ digest: string; bytes: number }> => {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of read(source)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { digest: hash.digest('hex'), bytes }
}

/** Weights don't shrink; text does. */
const isPacked = (name: string): boolean => /\.(safetensors|gguf|pt|zip)$/.test(name)
/** The first moment that a zip can name, in the local time that fflate writes: the same files are the same bytes. */
const longAgo = new Date(1980, 0, 1)

/** A zip, a piece at a time: megabytes of weights are never whole in memory, and beats go out meanwhile. */
async function* zipOf(files: [name: string, source: Source][]): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    ready.push(piece)
  })
  for (const [name, source] of files) {
    const entry = isPacked(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 })
    entry.mtime = longAgo
    zip.add(entry)
    for await (const piece of read(source)) {
      entry.push(piece)
      yield* ready.splice(0)
    }
    entry.push(new Uint8Array(0), true)
    yield* ready.splice(0)
  }
  zip.end()
  yield* ready.splice(0)
}

/** A package of these files, named by what is in it. */
export const makePackage = async (files: PackageFiles): Promise<RayPackage> => {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  const all = createHash('sha256')
  let bytes = 0
  for (const [name, source] of sorted) {
    const one = await digestOf(source)
    all.update(`${name}\0${one.digest}\n`)
    bytes += one.bytes
  }
  if (bytes > packageLimit)
    throw new RayError(
      'package-too-large',
      `A package for Ray would hold ${Math.ceil(bytes / 2 ** 20)} MiB; its API takes ${packageLimit / 2 ** 20} MiB. Put large files where every node of the cluster sees them under the same path as this worker (a network file system).`,
    )
  const name = `_ray_pkg_${all.digest('hex').slice(0, 32)}.zip`
  return { name, uri: `gcs://${name}`, bytes, zip: () => zipOf(sorted) }
}

import { readFile, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { glob } from 'tinyglobby'
import type { FileManifest } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { matchFiles } from '#runtime/pipeline/files.ts'
import { UsageError } from './usage-error.ts'

/** What the library would read as more than `*` and `?`, such as the brackets of `notes (1).md`, stands for any one character. */
const asCandidates = (pattern: string): string => pattern.replaceAll(/[()[\]{}!+@|\\]/g, '?')

/**
 * The files that the resources of a document name, by path relative to the document. A document from a stranger must
 * not read anything beside its folder: its schema refuses paths that lead out, and links are not followed.
 * @throws UsageError
 */
export const findFiles = async (
  file: string,
  document: PipelineDocument,
): Promise<{ path: string; real: string }[]> => {
  const patterns = Object.values(document.resources ?? {}).flatMap((resource) => resource.files ?? [])
  if (patterns.length === 0) return []
  const folder = await realpath(dirname(file))
  const near = await glob(patterns.map(asCandidates), {
    cwd: folder,
    expandDirectories: false,
    dot: true,
    followSymbolicLinks: false,
  })
  // The same match that the check and the server use decides; the file system is only asked for candidates.
  const found = matchFiles(patterns, near)
  return Promise.all(
    found.map(async (path) => {
      const real = await realpath(join(folder, path))
      if (real.startsWith(folder + sep)) return { path, real }
      throw new UsageError(`"${path}" is a link that leads out of the document's folder. Copy the file beside ${file}.`)
    }),
  )
}

type Keep = (body: Uint8Array, mime: string, name?: string) => Promise<{ sha256: string }>

/** Takes the files into an artifact store and says under which digests. */
export const collectFiles = async (file: string, document: PipelineDocument, keep: Keep): Promise<FileManifest> => {
  const manifest: Record<string, string> = {}
  for (const { path, real } of await findFiles(file, document)) {
    manifest[path.normalize('NFC')] = (await keep(await readFile(real), 'application/octet-stream', path)).sha256
  }
  return manifest
}

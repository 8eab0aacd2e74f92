import { readFile, realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { glob } from 'tinyglobby'
import type { FileManifest } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import { UsageError } from './usage-error.ts'

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
}

const leavesFolder = (pattern: string): boolean =>
  isAbsolute(pattern) || pattern.split(/[\\/]/).includes('..') || /^[A-Za-z]:/.test(pattern)

/**
 * Takes the files that the resources of a document name into the artifact store. Paths are relative to the document;
 * a document from a stranger must not read anything beside it, so neither a path nor a link may lead out of its folder.
 * @throws UsageError
 */
export const collectFiles = async (
  file: string,
  document: PipelineDocument,
  artifacts: Artifacts,
): Promise<FileManifest> => {
  const patterns = Object.values(document.resources ?? {}).flatMap((resource) => resource.files ?? [])
  const away = patterns.find(leavesFolder)
  if (away !== undefined) {
    throw new UsageError(
      `The resource path "${away}" leads out of the document's folder. Move the file beside ${file}.`,
    )
  }
  if (patterns.length === 0) return {}
  const folder = await realpath(dirname(file))
  const paths = await glob(
    patterns.map((pattern) => pattern.replace(/^(\.\/)+/, '')),
    { cwd: folder, expandDirectories: false, dot: false },
  )
  const manifest: Record<string, string> = {}
  for (const path of paths.sort()) {
    const real = await realpath(join(folder, path))
    if (!isInside(folder, real)) {
      throw new UsageError(`"${path}" is a link that leads out of the document's folder. Copy the file beside ${file}.`)
    }
    const { sha256 } = await artifacts.write(await readFile(real), 'application/octet-stream', path)
    manifest[path] = sha256
  }
  return manifest
}

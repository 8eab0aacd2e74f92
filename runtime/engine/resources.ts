import { createHash } from 'node:crypto'
import type { Resource } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import type { ResourceEntry } from '../pipeline/document.ts'
import { matchFiles } from '../pipeline/files.ts'
import type { Artifacts } from '../store/artifacts.ts'
import type { StartRequest } from './run.ts'

/** A named entry of the document with its globs resolved against the files that the run started with. */
export const resourceOf = async (artifacts: Artifacts, request: StartRequest, name: string): Promise<Resource> => {
  const resources = request.document.resources ?? {}
  const entry = Object.hasOwn(resources, name) ? resources[name] : undefined
  if (!entry) {
    throw new NodeError('resource-missing', `The pipeline has no resource "${name}". Add it, or choose another one.`, {
      details: { name },
    })
  }
  const { kind, files: globs, ...settings } = entry
  const paths = matchFiles(globs ?? [], Object.keys(request.files))
  if (globs && paths.length === 0) {
    throw new NodeError(
      'files-missing',
      `No file matches ${globs.join(', ')} of the resource "${name}". Upload the files, or correct the paths.`,
      { details: { name } },
    )
  }
  const files = paths.map((path) => {
    const digest = request.files[path] as string
    return { path, digest, bytes: () => artifacts.read(digest) }
  })
  return { name, kind, settings, digest: digestOf(kind, settings, files), files }
}

const digestOf = (kind: ResourceEntry['kind'], settings: object, files: readonly { path: string; digest: string }[]) =>
  createHash('sha256')
    .update(JSON.stringify([kind, settings, files.map(({ path, digest }) => [path, digest])]))
    .digest('hex')

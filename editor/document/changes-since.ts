import { type Change, diff } from '#runtime/pipeline/diff.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'

/** What a new version would change: a node that moved is none, and a version has no pins. */
export const changesSince = (version: PipelineDocument, draft: PipelineDocument): Change[] =>
  diff(version, draft).filter(
    (change) => change.change !== 'node-moved' && !(change.change === 'node-changed' && change.key === 'pin'),
  )

/** Uploaded files by path with their digests. */
export type Manifest = Readonly<Record<string, string>>

/** Whether the draft is the version, files included: then there is nothing to publish. */
export const isVersion = (
  version: { document: PipelineDocument; files: Manifest },
  draft: PipelineDocument,
  files: Manifest,
): boolean => {
  const paths = new Set([...Object.keys(version.files), ...Object.keys(files)])
  return (
    [...paths].every((path) => version.files[path] === files[path]) &&
    changesSince(version.document, draft).length === 0
  )
}

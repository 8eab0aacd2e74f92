import type { FileManifest } from '#runtime/engine/run.ts'
import type { Pipeline } from './api.ts'

/** Digests by path, as a run keeps them. */
export const manifestOf = (files: Pipeline['files']): FileManifest =>
  Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]))

import { createHash } from 'node:crypto'
import type { StartRequest } from '../../engine/run.ts'
import type { PipelineDocument } from '../../pipeline/document.ts'
import { writeJsonText } from '../json-text.ts'

/** Shorter than the interval after which the database refreshes `used_at`, times two: see journal_flush. */
const trusted = 12 * 3_600_000

export type Snapshot = { digest: string; workspace: string; text: string }

const hash = (document: PipelineDocument, files: StartRequest['files']) => {
  const written = { document: writeJsonText(document), files: writeJsonText(files) }
  const digest = createHash('sha256').update(written.document).update('\n').update(written.files).digest('hex')
  return { digest, text: `"d":"${digest}","doc":${written.document},"files":${written.files}}` }
}

/**
 * Knows which documents the database holds already. A document object is hashed once as long as the caller passes the
 * same object (a published version does), and sent once per 12 hours.
 */
export const createSnapshots = (now: () => number) => {
  const hashes = new WeakMap<PipelineDocument, { files: StartRequest['files']; digest: string; text: string }>()
  const stored = new Map<string, number>()
  return {
    of: ({ document, files, workspace }: StartRequest): Snapshot => {
      let known = hashes.get(document)
      if (known?.files !== files) {
        known = { files, ...hash(document, files) }
        hashes.set(document, known)
      }
      return { digest: known.digest, workspace, text: `{"w":${writeJsonText(workspace)},${known.text}` }
    },
    isStored: (snapshot: Snapshot): boolean =>
      (stored.get(`${snapshot.workspace}/${snapshot.digest}`) ?? Number.NEGATIVE_INFINITY) > now() - trusted,
    noteStored: (snapshot: Snapshot): void => {
      if (stored.size > 10_000) stored.clear()
      stored.set(`${snapshot.workspace}/${snapshot.digest}`, now())
    },
  }
}
export type Snapshots = ReturnType<typeof createSnapshots>

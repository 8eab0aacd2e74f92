import { createDesk, type Desk } from '#editor/document/desk.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'

/** An open pipeline of which nothing is saved: no server, no findings, no node types. */
export const openBareDesk = (document: PipelineDocument, uploaded: readonly string[] = []): Desk => {
  let files = uploaded
  return createDesk({
    id: 'p',
    catalogue: new Map(),
    document,
    revision: 1,
    check: () => [],
    put: async () => ({ kind: 'unreachable' }),
    keep: { write: () => true, clear: () => {}, holds: () => false },
    models: { set: () => {} },
    files: {
      list: () => files,
      set: (paths) => {
        files = paths
      },
    },
  })
}

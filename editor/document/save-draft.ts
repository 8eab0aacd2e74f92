import type { Finding, PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Pipeline } from '#server/api.ts'
import { ApiError, call } from '../api/client.ts'
import { savePipeline } from '../api/pipelines.ts'
import type { PutResult } from './autosave.ts'
import { isSameDocument } from './same-document.ts'

export const readPipeline = (id: string): Promise<Pipeline> =>
  call<Pipeline>('GET', `/api/pipelines/${encodeURIComponent(id)}`)

/** A save that is not answered by then is tried again, in milliseconds. */
const patience = 20_000

/** Sends a draft while the page goes away: the browser finishes it alone, up to 64 KB. */
const sendLeaving = (id: string, revision: number, document: PipelineDocument): Promise<PutResult> =>
  fetch(`/api/pipelines/${encodeURIComponent(id)}`, {
    method: 'PUT',
    keepalive: true,
    headers: { 'content-type': 'application/json', 'if-match': String(revision) },
    body: JSON.stringify({ document }),
  }).then((response): PutResult => (response.ok ? { kind: 'saved', revision: revision + 1 } : { kind: 'unreachable' }))

/** Saves a draft and says in autosave's words how it went. */
export const putDraft =
  (id: string, onSaved: (findings: readonly Finding[]) => void) =>
  async (document: PipelineDocument, revision: number, leaving: boolean): Promise<PutResult> => {
    if (leaving) return sendLeaving(id, revision, document)
    try {
      const saved = await savePipeline(id, revision, document, AbortSignal.timeout(patience))
      onSaved(saved.findings)
      return { kind: 'saved', revision: saved.revision }
    } catch (error) {
      // Given up: autosave takes it as unreachable and tries again.
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'revision-conflict') {
        const theirs = await readPipeline(id)
        // The last tab's farewell may have arrived after this page read the draft: the same edits are no conflict.
        if (isSameDocument(theirs.document, document)) return { kind: 'saved', revision: theirs.revision }
        return {
          kind: 'conflict',
          theirs: { document: theirs.document, revision: theirs.revision, at: theirs.updatedAt },
        }
      }
      // Signed out, busy or gone for a moment: the edits wait here until it is over.
      const isPassing = error.status === 0 || error.status >= 500 || [401, 408, 429].includes(error.status)
      return isPassing ? { kind: 'unreachable' } : { kind: 'refused', error }
    }
  }

import { temporal } from 'zundo'
import { createStore } from 'zustand/vanilla'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'

export type DocumentState = { document: PipelineDocument }

/** How long a pause may be within one undo step of typing, in milliseconds. */
const pause = 1_000

/**
 * Holds one pipeline's document with its history. Every change goes through `edit`; nothing of the canvas library is ever
 * kept here.
 * @example store.edit((document) => setConfig(document, 'ask', config, names), { merge: 'config ask' })
 */
export const createDocumentStore = (document: PipelineDocument, now: () => number = Date.now) => {
  let step: { merge: string; at: number } | undefined
  let joins = false
  const store = createStore<DocumentState>()(
    temporal((): DocumentState => ({ document }), {
      limit: 200,
      equality: (past, current) => past.document === current.document,
      handleSet: (record) => (past, replace, current, delta) => {
        // Zundo's inner handler takes two more arguments than its type says.
        const keep = record as unknown as (...of: unknown[]) => void
        if (!joins) keep(past, replace, current, delta)
      },
    }),
  )
  const history = store.temporal

  /** Changes with the same `merge` follow each other as one undo step while no pause is longer than a second. */
  const edit = (change: (document: PipelineDocument) => PipelineDocument, options: { merge?: string } = {}): void => {
    const before = store.getState().document
    const after = change(before)
    if (after === before) return
    const at = now()
    joins = step !== undefined && step.merge === options.merge && at - step.at < pause
    store.setState({ document: after })
    joins = false
    step = options.merge ? { merge: options.merge, at } : undefined
  }
  const travel = (go: () => void) => () => {
    step = undefined
    go()
  }
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    history,
    edit,
    /** Takes another document, such as the server's newer one, and forgets the history of the old. */
    load: (loaded: PipelineDocument) => {
      step = undefined
      history.getState().pause()
      store.setState({ document: loaded })
      history.getState().resume()
      history.getState().clear()
    },
    undo: travel(() => history.getState().undo()),
    redo: travel(() => history.getState().redo()),
  }
}
export type DocumentStore = ReturnType<typeof createDocumentStore>

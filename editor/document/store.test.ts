import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { createDocumentStore } from './store.ts'

const empty: PipelineDocument = { format: 'patchbay/1', name: 'a', nodes: [], edges: [] }
const name = (to: string) => (document: PipelineDocument) => ({ ...document, name: to })

describe('the history of a document', () => {
  it('undoes and redoes each edit', () => {
    const store = createDocumentStore(empty)
    store.edit(name('b'))
    store.edit(name('c'))
    store.undo()
    expect(store.getState().document.name).toBe('b')
    store.undo()
    expect(store.getState().document).toBe(empty)
    store.redo()
    store.redo()
    expect(store.getState().document.name).toBe('c')
  })

  it('takes typing without a pause as one step', () => {
    let at = 0
    const store = createDocumentStore(empty, () => at)
    for (const text of ['b', 'bo', 'bob']) {
      at += 300
      store.edit(name(text), { merge: 'name' })
    }
    at += 2_000
    store.edit(name('bobby'), { merge: 'name' })
    store.undo()
    expect(store.getState().document.name).toBe('bob')
    store.undo()
    expect(store.getState().document.name).toBe('a')
  })

  it('never joins edits of two fields, nor an edit after an undo', () => {
    const store = createDocumentStore(empty, () => 0)
    store.edit(name('b'), { merge: 'x' })
    store.edit(name('c'), { merge: 'y' })
    store.undo()
    store.edit(name('d'), { merge: 'x' })
    store.undo()
    expect(store.getState().document.name).toBe('b')
  })

  it('records nothing when nothing changed, and forgets the past of another document', () => {
    const store = createDocumentStore(empty)
    store.edit((document) => document)
    expect(store.history.getState().pastStates).toHaveLength(0)
    store.edit(name('b'))
    store.load({ ...empty, name: 'theirs' })
    store.undo()
    expect(store.getState().document.name).toBe('theirs')
  })
})

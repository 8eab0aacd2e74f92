import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { createAutosave, type PutResult } from './autosave.ts'
import type { Kept } from './keep.ts'
import { sendAll } from './send-all.ts'
import { createDocumentStore } from './store.ts'

const first: PipelineDocument = { format: 'patchbay/1', name: 'a', nodes: [], edges: [] }
const name = (to: string) => (document: PipelineDocument) => ({ ...document, name: to })

const setUp = (answers: PutResult[], held = first, revision = 1) => {
  const store = createDocumentStore(held)
  const sent: { name: string; revision: number }[] = []
  let kept: Kept | undefined
  const autosave = createAutosave({
    store,
    revision,
    put: async (document, revision) => {
      sent.push({ name: document.name, revision })
      return answers.shift() ?? { kind: 'saved', revision: revision + 1 }
    },
    keep: {
      write: (given) => {
        kept = given
        return true
      },
      clear: () => {
        kept = undefined
      },
      holds: (document) => kept?.document === document,
    },
  })
  const keepOther = (other: Kept) => {
    kept = other
  }
  return { store, sent, autosave, kept: () => kept, keepOther, status: () => autosave.state.getState().status }
}

describe('autosave', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('saves once after a pause, on the revision it knows', async () => {
    const { store, sent, status, kept } = setUp([])
    store.edit(name('b'))
    store.edit(name('c'))
    expect(status()).toBe('unsaved')
    expect(kept()?.document.name).toBe('c')
    await vi.advanceTimersByTimeAsync(600)
    expect(sent).toEqual([{ name: 'c', revision: 1 }])
    expect(status()).toBe('saved')
    expect(kept()).toBeUndefined()
    store.edit(name('d'))
    await vi.advanceTimersByTimeAsync(600)
    expect(sent[1]).toEqual({ name: 'd', revision: 2 })
  })

  it('keeps the edits here while the server cannot be reached, and tries again', async () => {
    const { store, sent, status, kept } = setUp([{ kind: 'unreachable' }, { kind: 'unreachable' }])
    store.edit(name('b'))
    await vi.advanceTimersByTimeAsync(600)
    expect(status()).toBe('offline')
    expect(kept()?.document.name).toBe('b')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(status()).toBe('offline')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(sent).toHaveLength(3)
    expect(status()).toBe('saved')
  })

  it('stops at a conflict until the person chooses, and then saves on the newer revision', async () => {
    const theirs = { document: { ...first, name: 'theirs' }, revision: 7 }
    const { store, sent, autosave, status, kept } = setUp([{ kind: 'conflict', theirs }])
    store.edit(name('mine'))
    await vi.advanceTimersByTimeAsync(600)
    expect(status()).toBe('conflict')
    store.edit(name('mine too'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(1)
    expect(kept()?.document.name).toBe('mine too')
    autosave.keepMine()
    await vi.advanceTimersByTimeAsync(0)
    expect(sent[1]).toEqual({ name: 'mine too', revision: 7 })
    expect(status()).toBe('saved')
  })

  it('stays in conflict over any number of reloads, and sends nothing', async () => {
    const theirs = { ...first, name: 'theirs' }
    const mine: Kept = { document: { ...first, name: 'mine' }, revision: 1, at: 0 }
    let kept: Kept | undefined = mine
    for (const _ of [1, 2, 3]) {
      const page = setUp([], theirs, 2)
      if (kept) page.autosave.restore(kept, '2026-01-01T00:00:00Z')
      expect(page.autosave.state.getState()).toEqual({
        status: 'conflict',
        theirs: { document: theirs, revision: 2, at: '2026-01-01T00:00:00Z' },
      })
      expect(page.store.getState().document.name).toBe('mine')
      await vi.advanceTimersByTimeAsync(60_000)
      page.autosave.leave()
      expect(await page.autosave.flush()).toBe(false)
      expect(page.sent).toEqual([])
      kept = page.kept()
      expect(kept).toMatchObject({ document: { name: 'mine' }, revision: 1 })
    }
  })

  it('saves what was kept on the revision that the server still holds', async () => {
    const { autosave, sent, status } = setUp([])
    autosave.restore({ document: { ...first, name: 'mine' }, revision: 1 })
    expect(status()).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(600)
    expect(sent).toEqual([{ name: 'mine', revision: 1 }])
  })

  it('tells who needs the whole draft on the server what stands in the way', async () => {
    const theirs = { document: { ...first, name: 'theirs' }, revision: 7 }
    const answers: [PutResult, string | undefined][] = [
      [{ kind: 'conflict', theirs }, 'conflict'],
      [{ kind: 'refused', error: new Error('Too large.') }, 'refused'],
      [{ kind: 'unreachable' }, 'offline'],
      [{ kind: 'saved', revision: 2 }, undefined],
    ]
    for (const [answer, expected] of answers) {
      const { store, autosave, sent } = setUp([answer])
      store.edit(name('mine'))
      expect(await sendAll(autosave)).toBe(expected)
      expect(sent).toHaveLength(1)
      if (expected === 'conflict') expect(await sendAll(autosave)).toBe('conflict')
      autosave.stop()
    }
    const { store, autosave, sent } = setUp([])
    store.edit(name('b'))
    const all = sendAll(autosave)
    store.edit(name('c'))
    expect(await all).toBeUndefined()
    expect(sent.map((put) => put.name)).toEqual(['b', 'c'])
  })

  it('takes the other edits when the person says so', async () => {
    const theirs = { document: { ...first, name: 'theirs' }, revision: 7 }
    const { store, autosave, status, sent } = setUp([{ kind: 'conflict', theirs }])
    store.edit(name('mine'))
    await vi.advanceTimersByTimeAsync(600)
    autosave.takeTheirs(theirs)
    expect(store.getState().document.name).toBe('theirs')
    store.edit(name('next'))
    await vi.advanceTimersByTimeAsync(600)
    expect(sent[1]).toEqual({ name: 'next', revision: 7 })
    expect(status()).toBe('saved')
  })

  it('sends what was typed while a save was on its way', async () => {
    const { store, sent, autosave } = setUp([])
    store.edit(name('b'))
    const flushed = autosave.flush()
    store.edit(name('c'))
    expect(await flushed).toBe(false)
    await vi.advanceTimersByTimeAsync(600)
    expect(sent.map((put) => put.name)).toEqual(['b', 'c'])
    expect(await autosave.flush()).toBe(true)
  })

  it('has nothing to save after an undo back to what the server holds', async () => {
    const { store, sent, status, kept } = setUp([])
    store.edit(name('b'))
    store.undo()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(sent).toEqual([])
    expect(status()).toBe('saved')
    expect(kept()).toBeUndefined()
  })

  it('says what the server refused and saves again after the next edit', async () => {
    const { store, status } = setUp([{ kind: 'refused', error: new Error('Over 5,000 nodes.') }])
    store.edit(name('b'))
    await vi.advanceTimersByTimeAsync(600)
    expect(status()).toBe('refused')
    store.edit(name('c'))
    await vi.advanceTimersByTimeAsync(600)
    expect(status()).toBe('saved')
  })

  it('tries nothing again once it is stopped, and leaves alone what is kept since', async () => {
    const { store, sent, autosave, kept, keepOther } = setUp([{ kind: 'unreachable' }])
    store.edit(name('b'))
    void autosave.flush()
    autosave.stop()
    const next: Kept = { document: { ...first, name: 'next' }, revision: 1, at: 0 }
    keepOther(next)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(sent).toEqual([{ name: 'b', revision: 1 }])
    expect(kept()).toBe(next)

    const other = setUp([])
    other.store.edit(name('b'))
    other.autosave.stop()
    other.keepOther(next)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(other.kept()).toBe(next)
  })

  it('keeps no longer what arrived after it was stopped, with the edits made on the way', async () => {
    const { store, sent, autosave, kept } = setUp([])
    store.edit(name('b'))
    void autosave.flush()
    store.edit(name('c'))
    autosave.stop()
    expect(kept()?.document.name).toBe('c')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(sent).toEqual([
      { name: 'b', revision: 1 },
      { name: 'c', revision: 2 },
    ])
    expect(kept()).toBeUndefined()
  })

  it('is in no conflict with a save of its own whose answer was lost', async () => {
    const theirs = { document: { ...first, name: 'b' }, revision: 2 }
    const { store, sent, status } = setUp([{ kind: 'unreachable' }, { kind: 'conflict', theirs }])
    store.edit(name('b'))
    await vi.advanceTimersByTimeAsync(600)
    store.edit(name('c'))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent).toEqual([
      { name: 'b', revision: 1 },
      { name: 'c', revision: 1 },
      { name: 'c', revision: 2 },
    ])
    expect(status()).toBe('saved')
  })

  it('sends what was undone after a save whose answer was lost', async () => {
    const theirs = { document: { ...first, name: 'b' }, revision: 2 }
    const { store, sent, status } = setUp([{ kind: 'unreachable' }, { kind: 'conflict', theirs }])
    store.edit(name('b'))
    await vi.advanceTimersByTimeAsync(600)
    store.undo()
    expect(status()).toBe('offline')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent.slice(1)).toEqual([
      { name: 'a', revision: 1 },
      { name: 'a', revision: 2 },
    ])
    expect(status()).toBe('saved')
  })
})

import { expect, it } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { browserKeep } from './keep.ts'

const named = (name: string): PipelineDocument => ({ format: 'patchbay/1', name, nodes: [], edges: [] })

/** A browser's storage, in memory. */
const memory = (): Storage => {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  }
}

it('knows whether a document is the one that this tab keeps', () => {
  const storage = memory()
  const keep = browserKeep('p', 'one', storage)
  expect(keep.holds(named('a'))).toBe(false)
  keep.write({ document: named('a'), revision: 1, at: 0 })
  expect(keep.holds(named('a'))).toBe(true)
  expect(keep.holds(named('b'))).toBe(false)
  expect(browserKeep('p', 'two', storage).holds(named('a'))).toBe(false)
  keep.clear()
  expect(keep.holds(named('a'))).toBe(false)
})

it('finds what a tab that is gone left behind, and nothing of one that lives', async () => {
  const storage = memory()
  browserKeep('p', 'one', storage).write({ document: named('a'), revision: 1, at: 0 })
  const living = async () => new Set(['patchbay.kept.p.one'])
  expect(await browserKeep('p', 'two', storage, living).find()).toBeUndefined()
  expect(await browserKeep('p', 'two', storage, async () => new Set()).find()).toMatchObject({ document: named('a') })
  expect(browserKeep('p', 'one', storage).holds(named('a'))).toBe(false)
})

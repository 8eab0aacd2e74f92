import { describe, expect, it } from 'vitest'
import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { answering } from '#tests/support/small-pipelines.ts'
import { isVersion } from './changes-since.ts'

const document: PipelineDocument = { format: 'patchbay/1', name: 'a', ...answering }
const version = { document, files: { 'book/a.md': '11' } }
const edit = (change: Partial<PipelineNode>): PipelineDocument => ({
  ...document,
  nodes: document.nodes.map((node) => (node.id === 'model' ? { ...node, ...change } : node)),
})

describe('a draft after a version', () => {
  it('is the version while nothing that a version holds was changed', () => {
    expect(isVersion(version, document, version.files)).toBe(true)
    expect(isVersion(version, edit({ at: [9, 9] }), version.files)).toBe(true)
    expect(isVersion(version, edit({ pin: { text: 'x' } }), version.files)).toBe(true)
  })

  it('is another one after an edit, and after a file was uploaded, replaced or removed', () => {
    expect(isVersion(version, edit({ title: 'Other' }), version.files)).toBe(false)
    expect(isVersion(version, document, { 'book/a.md': '22' })).toBe(false)
    expect(isVersion(version, document, {})).toBe(false)
    expect(isVersion(version, document, { ...version.files, 'book/b.md': '33' })).toBe(false)
  })
})

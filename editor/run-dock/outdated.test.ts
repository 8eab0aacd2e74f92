import { describe, expect, it } from 'vitest'
import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { answering } from '#tests/support/small-pipelines.ts'
import { outdatedNodes } from './outdated.ts'

const ran: PipelineDocument = { format: 'patchbay/1', name: 'a', ...answering }
const edit = (id: string, change: Partial<PipelineNode>): PipelineDocument => ({
  ...ran,
  nodes: ran.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)),
})
const outdated = (drawn: PipelineDocument) => [...outdatedNodes(drawn, ran)].sort()

describe('what a run says nothing of any more', () => {
  it('is the changed node and all that it reaches, and nothing after the change is taken back', () => {
    expect(outdated(edit('prompt', { config: { template: 'Say {{question}}' } }))).toEqual(['model', 'out', 'prompt'])
    expect(outdated(edit('prompt', { config: { template: '{{question}}' } }))).toEqual([])
  })

  it('is nothing when a node only got another name or place', () => {
    expect(outdated(edit('model', { title: 'Answers', at: [5, 5], note: 'x' }))).toEqual([])
  })

  it('is where a wire was cut, and a node that is new', () => {
    expect(outdated({ ...ran, edges: ran.edges.filter((edge) => edge.to !== 'model.messages') })).toEqual([
      'model',
      'out',
    ])
    const more: PipelineNode = { id: 'more', type: 'note', version: 1, config: {}, at: [0, 0] }
    expect(outdated({ ...ran, nodes: [...ran.nodes, more] })).toEqual(['more'])
  })

  it('is who reads a resource that changed', () => {
    const withFiles = (files: string[]): PipelineDocument => ({
      ...edit('prompt', { config: { template: '{{question}}', index: 'book' } }),
      resources: { book: { kind: 'index', files } },
    })
    expect([...outdatedNodes(withFiles(['b.md']), withFiles(['a.md']))].sort()).toEqual(['model', 'out', 'prompt'])
  })
})

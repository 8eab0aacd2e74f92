import { expect, it } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { takeFiles } from './take-files.ts'

const taken = { node: 'find', field: 'index', name: 'book', kind: 'index', paths: ['book/b.md'] } as const
const names = () => ({ inputs: [], outputs: [] })
const withNode = (config: PipelineDocument['nodes'][number]['config'], rest: Partial<PipelineDocument> = {}) => ({
  format: 'patchbay/1' as const,
  name: 'Find',
  nodes: [{ id: 'find', type: 'retriever', version: 1, config, at: [0, 0] as [number, number] }],
  edges: [],
  ...rest,
})

it('fills a resource and names it beside the settings that the node has by now', () => {
  const { resources, nodes } = takeFiles(withNode({ count: 9 }), taken, names)
  expect(resources).toEqual({ book: { kind: 'index', files: ['book/b.md'] } })
  expect(nodes[0]?.config).toEqual({ count: 9, index: 'book' })
})

it('adds to the files that another upload put there meanwhile', () => {
  const before = withNode({ index: 'book' }, { resources: { book: { kind: 'index', files: ['book/a.md'], size: 4 } } })
  const { resources } = takeFiles(before, taken, names)
  expect(resources).toEqual({ book: { kind: 'index', files: ['book/a.md', 'book/b.md'], size: 4 } })
})

it('leaves what was chosen meanwhile, and a node that is gone', () => {
  expect(takeFiles(withNode({ index: 'other' }), taken, names).nodes[0]?.config).toEqual({ index: 'other' })
  const empty = { ...withNode({}), nodes: [] }
  expect(takeFiles(empty, taken, names)).toMatchObject({ nodes: [], resources: { book: { kind: 'index' } } })
})

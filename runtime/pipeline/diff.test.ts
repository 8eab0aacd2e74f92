import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyDocument } from '#tests/support/any-document.ts'
import { make, pipeline } from '#tests/support/small-catalogue.ts'
import { serialise } from './canonical.ts'
import { diff } from './diff.ts'
import type { PipelineDocument } from './document.ts'

const ask = make('start', 'ask', { fields: { a: 'text', b: 'text' } })
const say = make('say', 'say', { template: '{{a}}', role: 'user' })
const join = make('join', 'join')
const base = pipeline([ask, say, join], ['ask.a > say.a', 'ask.a > join.values', 'ask.b > join.values'], {
  resources: { book: { kind: 'index', files: ['a.md'] } },
})
const withSay = (more: object) => ({ ...base, nodes: [ask, { ...say, ...more }, join] })
const withEdges = (...edges: string[]) => ({ ...base, edges: pipeline([], edges).edges })
const [first, second, third] = ['ask.a > say.a', 'ask.a > join.values', 'ask.b > join.values'] as const

describe('diff', () => {
  it.each<[title: string, after: PipelineDocument, expected: unknown[]]>([
    ['nothing', structuredClone(base), []],
    [
      'a node added',
      { ...base, nodes: [...base.nodes, make('cut')] },
      [{ change: 'node-added', node: 'cut', type: 'cut' }],
    ],
    ['a node removed', { ...base, nodes: [ask, say] }, [{ change: 'node-removed', node: 'join', type: 'join' }]],
    ['a node moved', withSay({ at: [5, 0] }), [{ change: 'node-moved', node: 'say', before: [0, 0], after: [5, 0] }]],
    [
      'a node renamed',
      withSay({ title: 'Ask' }),
      [{ change: 'node-renamed', node: 'say', before: undefined, after: 'Ask' }],
    ],
    [
      'a node of another type',
      withSay({ type: 'cut' }),
      [{ change: 'node-retyped', node: 'say', before: 'say', after: 'cut' }],
    ],
    [
      'a node disabled',
      withSay({ disabled: true }),
      [{ change: 'node-changed', node: 'say', key: 'disabled', before: undefined, after: true }],
    ],
    [
      'config keys changed, added and removed',
      withSay({ config: { template: '{{b}}', top: 3 } }),
      [
        { change: 'config-changed', node: 'say', key: 'template', before: '{{a}}', after: '{{b}}' },
        { change: 'config-changed', node: 'say', key: 'role', before: 'user', after: undefined },
        { change: 'config-changed', node: 'say', key: 'top', before: undefined, after: 3 },
      ],
    ],
    ['config keys in another order', withSay({ config: { role: 'user', template: '{{a}}' } }), []],
    ['nodes in another order', { ...base, nodes: [join, say, ask] }, []],
    [
      'fields in another order, which moves ports',
      { ...base, nodes: [make('start', 'ask', { fields: { b: 'text', a: 'text' } }), say, join] },
      [
        {
          change: 'config-changed',
          node: 'ask',
          key: 'fields',
          before: { a: 'text', b: 'text' },
          after: { b: 'text', a: 'text' },
        },
      ],
    ],
    [
      'an edge removed',
      withEdges(first, second),
      [{ change: 'edge-removed', edge: { from: 'ask.b', to: 'join.values' } }],
    ],
    [
      'an edge added twice',
      withEdges(first, second, third, third),
      [{ change: 'edge-added', edge: { from: 'ask.b', to: 'join.values' } }],
    ],
    [
      'edges into one port in another order',
      withEdges(first, third, second),
      [{ change: 'edges-reordered', to: 'join.values' }],
    ],
    ['edges into different ports in another order', withEdges(second, first, third), []],
    [
      'resources',
      { ...base, resources: { book: { kind: 'index', files: ['b.md'] }, set: { kind: 'dataset' } } },
      [
        { change: 'resource-changed', resource: 'book', key: 'files', before: ['a.md'], after: ['b.md'] },
        { change: 'resource-added', resource: 'set' },
      ],
    ],
    [
      'the name',
      { ...base, name: 'Other' },
      [{ change: 'document-changed', key: 'name', before: 'Test', after: 'Other' }],
    ],
  ])('tells: %s', (_, after, expected) => expect(diff(base, after)).toEqual(expected))

  it('finds nothing between a document and its canonical text, and something wherever the texts differ by more than order', () => {
    fc.assert(
      fc.property(anyDocument(['say', 'join']), anyDocument(['say', 'join']), (a, b) => {
        const back = JSON.parse(serialise(a)) as PipelineDocument
        expect(diff(back, JSON.parse(serialise(back)))).toEqual([])
        if (diff(a, b).length === 0) expect([...serialise(a)].sort()).toEqual([...serialise(b)].sort())
      }),
    )
  })
})

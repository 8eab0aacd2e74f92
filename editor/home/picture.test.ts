import { describe, expect, it } from 'vitest'
import type { CatalogueEntry } from '#nodes/define.ts'
import { pictureOf } from './picture.ts'

const entry = (type: string, ports: Partial<Pick<CatalogueEntry, 'inputs' | 'outputs'>>): [string, CatalogueEntry] => [
  type,
  {
    type,
    version: 1,
    title: { en: type, ko: type },
    group: 'flow',
    icon: type,
    docs: { en: '', ko: '' },
    keywords: [],
    config: {},
    inputs: { fixed: {}, rules: [] },
    outputs: { fixed: {}, rules: [] },
    effect: 'pure',
    examples: [],
    ...ports,
  },
]
const catalogue = new Map([
  entry('rows', { outputs: { fixed: {}, rules: [{ rule: 'fromFields', key: 'fields', port: { each: true } }] } }),
  entry('upper', {
    inputs: { fixed: { text: { kind: 'text' } }, rules: [] },
    outputs: { fixed: { text: { kind: 'text' } }, rules: [] },
  }),
  entry('pass', {
    inputs: { fixed: { value: { kind: 'any' } }, rules: [] },
    outputs: { fixed: { value: { kind: 'any', sameAs: 'value' } }, rules: [] },
  }),
  entry('sum', {
    inputs: { fixed: { items: { kind: 'score', each: true } }, rules: [] },
    outputs: { fixed: { report: { kind: 'report' } }, rules: [] },
  }),
])
const node = (id: string, type: string, x = 0) => ({ id, type, at: [x, 0] as const })

describe('the small picture of a pipeline', () => {
  it('draws cables below a source of items double, up to the node that takes them all', () => {
    const { cables } = pictureOf(
      {
        nodes: [node('r', 'rows'), node('u', 'upper'), node('s', 'sum'), node('p', 'pass')],
        edges: [
          { from: 'r.text', to: 'u.text' },
          { from: 'u.text', to: 's.items' },
          { from: 's.report', to: 'p.value' },
        ],
      },
      catalogue,
    )
    expect(cables.map(({ kind, items }) => [kind, items])).toEqual([
      ['text', true],
      ['text', true],
      ['report', false],
    ])
  })

  it('lets a node wear what it puts out, also where that is what came in', () => {
    const { nodes } = pictureOf(
      { nodes: [node('u', 'upper'), node('p', 'pass')], edges: [{ from: 'u.text', to: 'p.value' }] },
      catalogue,
    )
    expect(nodes.map(({ kind }) => kind)).toEqual(['text', 'text'])
  })

  it('survives unknown types, loops and edges to nowhere', () => {
    const { nodes, cables } = pictureOf(
      {
        nodes: [node('a', 'pass'), node('b', 'pass'), node('x', 'from-the-future')],
        edges: [
          { from: 'a.value', to: 'b.value' },
          { from: 'b.value', to: 'a.value' },
          { from: 'gone.text', to: 'x.text' },
        ],
      },
      catalogue,
    )
    expect(nodes).toHaveLength(3)
    expect(cables).toHaveLength(2)
  })
})

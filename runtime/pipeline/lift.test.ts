import { describe, expect, it } from 'vitest'
import { make, pipeline, smallCatalogue } from '#tests/support/small-catalogue.ts'
import type { PipelineDocument } from './document.ts'
import { type LiftedNode, lift } from './lift.ts'

const lifted = (nodes: PipelineDocument['nodes'], edges: string[]) => lift(pipeline(nodes, edges), smallCatalogue)
const node = (of: ReturnType<typeof lift>, id: string): LiftedNode => {
  const found = of.nodes.get(id)
  if (!found) throw new Error(`${id} was not lifted`)
  return found
}
const start = make('start', 'ask', { fields: { text: 'text', list: 'json', docs: 'documents' } })
const rows = make('rows', 'rows', { dataset: 'set' })

describe('lift: ports', () => {
  it('computes ports from configs, with the defaults of the type', () => {
    const graph = lifted([make('say'), make('say', 'own', { template: '{{b}} {{a.x}} {{b}}' })], [])
    expect([...node(graph, 'say').inputs.keys()]).toEqual(['question'])
    expect([...node(graph, 'own').inputs.keys()]).toEqual(['b', 'a'])
    expect(node(graph, 'say').config).toEqual({ template: '{{question}}', role: 'user' })
  })

  it('keeps the ports of a config that does not parse', () => {
    const say = node(lifted([make('say', 'say', { role: 'boss' })], []), 'say')
    expect([...say.inputs.keys()]).toEqual(['question'])
    expect(say.configErrors).toMatchObject([
      { pointer: '/role', rule: 'wrong-choice', values: { choices: 'user, system' } },
    ])
  })

  it('carries a kind through nodes that pass on what they get, however they are listed', () => {
    const graph = lifted(
      [make('join', 'c'), make('fork', 'b', { cases: { x: 1 } }), make('fork', 'a'), start],
      ['ask.docs > a.value', 'a.else > b.value', 'b.x > c.values', 'b.else > c.values'],
    )
    expect(node(graph, 'b').outputs.get('x')).toEqual({ kind: 'documents' })
    expect(node(graph, 'c').outputs.get('value')).toEqual({ kind: 'documents' })
    expect(graph.edges.map(({ kind }) => kind)).toEqual(['documents', 'documents', 'documents', 'documents'])
  })

  it('takes any for the kind of different wires in one input, and leaves what is not wired open', () => {
    const graph = lifted(
      [start, make('join', 'mixed'), make('join', 'open')],
      ['ask.docs > mixed.values', 'ask.text > mixed.values'],
    )
    expect(node(graph, 'mixed').outputs.get('value')).toEqual({ kind: 'any' })
    expect(node(graph, 'open').outputs.get('value')).toEqual({ kind: 'any', sameAs: 'values' })
  })

  it('says how each wire fits', () => {
    const graph = lifted(
      [start, make('find', 'find', { index: 'b' }), make('read'), make('say'), make('cut')],
      [
        'ask.text > find.query',
        'find.best > read.documents',
        'ask.docs > say.question',
        'ask.docs > cut.text',
        'ask.text > gone.x',
      ],
    )
    expect(graph.edges.map(({ index, fit }) => [index, fit])).toEqual([
      [0, 'same'],
      [1, 'coerced'],
      [2, 'rendered'],
      [3, undefined],
    ])
    expect(graph.problems).toEqual([{ problem: 'broken', edge: 4, end: 'to-node' }])
  })

  it('lists the wires of an input in edge order', () => {
    const graph = lifted([start, make('join')], ['ask.docs > join.values', 'ask.text > join.values'])
    expect(
      node(graph, 'join')
        .into.get('values')
        ?.map(({ from }) => from.port),
    ).toEqual(['docs', 'text'])
  })
})

describe('lift: order', () => {
  it('puts every node after those that feed it and leaves out notes and cycles', () => {
    const graph = lifted(
      [make('read'), make('jot'), make('cut'), make('join', 'x'), make('join', 'y'), start],
      ['cut.documents > read.documents', 'ask.text > cut.text', 'x.value > x.values', 'x.value > y.values'],
    )
    expect(graph.order).toEqual(['ask', 'cut', 'read'])
    expect(graph.nodes.has('jot')).toBe(true)
    expect(graph.problems).toEqual([{ problem: 'cycle', nodes: ['x'] }])
  })

  it('finds the shortest way around in each knot of wires, starting at its first node', () => {
    const graph = lifted(
      ['a', 'b', 'c', 'd', 'e'].map((id) => make('join', id)),
      [
        'a.value > b.values',
        'b.value > c.values',
        'c.value > a.values',
        'b.value > a.values',
        'd.value > e.values',
        'e.value > d.values',
        'c.value > d.values',
      ],
    )
    expect(graph.problems).toEqual([
      { problem: 'cycle', nodes: ['a', 'b'] },
      { problem: 'cycle', nodes: ['d', 'e'] },
    ])
  })

  it('keeps apart two cycles of which the later leads into the earlier', () => {
    const graph = lifted(
      ['a', 'b', 'c', 'd'].map((id) => make('join', id)),
      ['a.value > b.values', 'b.value > a.values', 'c.value > d.values', 'd.value > c.values', 'd.value > a.values'],
    )
    expect(graph.problems.map((one) => 'nodes' in one && one.nodes)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })
})

describe('lift: axes', () => {
  const axes = (graph: ReturnType<typeof lift>) =>
    Object.fromEntries([...graph.nodes].map(([id, { axes }]) => [id, axes.join('/')]))

  it('maps what a stream is wired into and ends the map where items are gathered', () => {
    const graph = lifted(
      [rows, make('cut'), make('gather'), make('say')],
      ['rows.text > cut.text', 'cut.documents > gather.items', 'gather.list > say.question'],
    )
    expect(axes(graph)).toEqual({ rows: '', cut: 'rows', gather: '', say: '' })
    expect(graph.edges.map(({ axes }) => axes)).toEqual([['rows'], ['rows'], []])
    expect([node(graph, 'rows').opens, node(graph, 'gather').ends, node(graph, 'cut').opens]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('nests a map inside a map', () => {
    const graph = lifted(
      [
        rows,
        make('say', 'a'),
        make('think'),
        make('fork'),
        make('split'),
        make('cut'),
        make('gather', 'inner'),
        make('gather', 'outer'),
      ],
      [
        'rows.text > a.question',
        'a.messages > think.messages',
        'think.text > fork.value',
        'rows.rows > split.list',
        'split.item > cut.text',
        'cut.documents > inner.items',
        'inner.list > outer.items',
      ],
    )
    expect(axes(graph)).toMatchObject({
      a: 'rows',
      fork: 'rows',
      split: 'rows',
      cut: 'rows/split',
      inner: 'rows',
      outer: '',
    })
  })

  it('broadcasts a value from outside into a map, and an outer item into an inner map', () => {
    const graph = lifted(
      [start, rows, make('split'), make('rate', 'once'), make('rate', 'each')],
      [
        'ask.list > split.list',
        'ask.text > once.actual',
        'split.item > once.expected',
        'split.item > each.expected',
        'ask.text > each.actual',
      ],
    )
    expect(axes(graph)).toMatchObject({ once: 'split', each: 'split' })
    const nested = lifted(
      [rows, make('split'), make('rate')],
      ['rows.rows > split.list', 'split.item > rate.actual', 'rows.text > rate.expected'],
    )
    expect(axes(nested)).toMatchObject({ rate: 'rows/split' })
    expect(nested.problems.filter(({ problem }) => problem === 'zip-first')).toEqual([])
  })

  it('counts the columns of one source as one axis and two sources as two', () => {
    const graph = lifted(
      [rows, make('rows', 'more', { dataset: 'set' }), make('rate')],
      ['rows.text > rate.actual', 'more.text > rate.expected'],
    )
    expect(graph.problems).toEqual([
      {
        problem: 'zip-first',
        node: 'rate',
        port: 'expected',
        axes: ['more'],
        otherPort: 'actual',
        otherAxes: ['rows'],
      },
    ])
  })

  it('opens one new axis where two streams are zipped, with the kinds of both', () => {
    const graph = lifted(
      [rows, make('rows', 'more', { dataset: 'set' }), make('pair'), make('rate')],
      ['rows.text > pair.left', 'more.rows > pair.right', 'pair.left > rate.actual', 'pair.right > rate.expected'],
    )
    expect(axes(graph)).toMatchObject({ pair: '', rate: 'pair' })
    expect([...node(graph, 'pair').outputs.values()]).toEqual([
      { kind: 'text', each: true },
      { kind: 'row', each: true },
    ])
  })

  it('does not hand the whole of an outer stream to each item of a map', () => {
    const graph = lifted(
      [rows, make('rows', 'more', { dataset: 'set' }), make('split'), make('pair')],
      ['rows.rows > split.list', 'split.item > pair.left', 'more.text > pair.right'],
    )
    expect(graph.problems.filter(({ problem }) => problem === 'zip-first')).toEqual([
      { problem: 'zip-first', node: 'pair', port: 'right', axes: [], otherPort: 'left', otherAxes: ['rows'] },
    ])
  })

  it('does not let a node that gathers a stream also be mapped over it', () => {
    const graph = lift(pipeline([rows, make('weigh')], ['rows.text > weigh.items', 'rows.text > weigh.label']), [
      ...smallCatalogue,
      {
        ...(smallCatalogue.find(({ type }) => type === 'gather') as (typeof smallCatalogue)[number]),
        type: 'weigh',
        inputs: { rules: [], fixed: { items: { kind: 'any', each: true }, label: { kind: 'text' } } },
      },
    ])
    expect(graph.problems).toMatchObject([{ problem: 'zip-first', node: 'weigh', port: 'label' }])
  })
})

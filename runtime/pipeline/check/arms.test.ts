import { describe, expect, it } from 'vitest'
import { make, pipeline, smallCatalogue } from '#tests/support/small-catalogue.ts'
import { check } from '../check.ts'

const start = make('start', 'ask')
const fork = make('fork', 'fork', { cases: { a: {}, b: {} } })
const both = make('rate')
const into = 'ask.question > fork.value'

const cases: [title: string, nodes: Parameters<typeof pipeline>[0], edges: string[], expected: string[]][] = [
  ['two arms in one node', [both], ['fork.a > rate.actual', 'fork.b > rate.expected'], ['rate']],
  ['one arm twice', [both], ['fork.a > rate.actual', 'fork.a > rate.expected'], []],
  ['an arm and what came before', [both], ['fork.a > rate.actual', 'ask.question > rate.expected'], []],
  [
    'arms that meet further down',
    [make('cut', 'x'), make('read', 'r'), both],
    ['fork.a > x.text', 'x.documents > r.documents', 'r.text > rate.actual', 'fork.else > rate.expected'],
    ['rate'],
  ],
  [
    'arms that were merged before',
    [make('join'), both],
    ['fork.a > join.values', 'fork.b > join.values', 'join.value > rate.actual', 'ask.question > rate.expected'],
    [],
  ],
  [
    'a merge of two arms beside the third',
    [make('join'), both],
    ['fork.a > join.values', 'fork.b > join.values', 'join.value > rate.actual', 'fork.else > rate.expected'],
    ['rate'],
  ],
  [
    'a merge of two arms beside one of them',
    [make('join'), both],
    ['fork.a > join.values', 'fork.b > join.values', 'join.value > rate.actual', 'fork.b > rate.expected'],
    [],
  ],
  [
    'an arm in an optional input',
    [make('cut'), make('read')],
    ['fork.a > cut.text', 'cut.documents > read.documents', 'fork.b > read.hint'],
    [],
  ],
  [
    'arms of two different branches',
    [make('fork', 'other'), both],
    ['ask.question > other.value', 'fork.a > rate.actual', 'other.else > rate.expected'],
    [],
  ],
  [
    'a branch inside an arm against another arm',
    [make('fork', 'inner', { cases: { x: {} } }), both],
    ['fork.a > inner.value', 'inner.x > rate.actual', 'fork.b > rate.expected'],
    ['rate'],
  ],
  [
    'two arms in the inputs of a node that joins them',
    [make('either'), make('end', 'end', { fields: { x: 'any', y: 'text' } })],
    ['fork.a > either.left', 'fork.b > either.right', 'either.value > end.x', 'fork.b > end.y'],
    [],
  ],
  [
    'what follows from a node that never runs, beside one of its arms',
    [both, make('end', 'end', { fields: { x: 'score', y: 'text' } })],
    ['fork.a > rate.actual', 'fork.b > rate.expected', 'rate.score > end.x', 'fork.a > end.y'],
    ['rate'],
  ],
  [
    'what follows from a node that never runs',
    [both, make('join')],
    ['fork.a > rate.actual', 'fork.b > rate.expected', 'rate.score > join.values'],
    ['rate'],
  ],
]

describe('both arms of a branch', () => {
  it.each(cases)('%s', (_, nodes, edges, expected) => {
    const found = check(pipeline([start, fork, ...nodes], [into, ...edges]), smallCatalogue)
    expect(found.filter(({ code }) => code === 'both-arms').map(({ node }) => node)).toEqual(expected)
    expect(found.filter(({ code }) => code !== 'both-arms')).toEqual([])
  })

  it('lets arms that were taken item by item meet after the map has ended', () => {
    const nodes = [
      make('rows', 'rows', { dataset: 'set' }),
      fork,
      make('gather', 'g1'),
      make('gather', 'g2'),
      make('say', 'say', { template: '{{x}} {{y}}' }),
    ]
    const edges = [
      'rows.text > fork.value',
      'fork.a > g1.items',
      'fork.b > g2.items',
      'g1.list > say.x',
      'g2.list > say.y',
    ]
    expect(check(pipeline(nodes, edges, { resources: { set: { kind: 'dataset' } } }), smallCatalogue)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { make, pipeline, smallCatalogue } from '#tests/support/small-catalogue.ts'
import { check } from './check.ts'
import type { Finding, PipelineDocument } from './document.ts'

const brief = ({ code, level, node, port, edge }: Finding) =>
  [
    level === 'warning' && 'warning',
    code,
    node && (port ? `${node}.${port}` : node),
    edge !== undefined && `edge ${edge}`,
  ]
    .filter(Boolean)
    .join(' ')
const findings = (document: PipelineDocument, files?: string[]) =>
  check(document, smallCatalogue, files ? { files } : {}).map(brief)

const start = make('start', 'ask')
const chain = [start, make('say'), make('think'), make('end', 'out', { fields: { answer: 'text' } })]
const chainEdges = ['ask.question > say.question', 'say.messages > think.messages', 'think.text > out.answer']
const rows = make('rows', 'rows', { dataset: 'set' })
const resources: PipelineDocument['resources'] = {
  set: { kind: 'dataset', files: ['./set/*.jsonl'] },
  book: { kind: 'index', files: ['./book/**'] },
}

const cases: [title: string, document: PipelineDocument, expected: string[]][] = [
  ['a whole chain is fine', pipeline(chain, chainEdges), []],
  ['a model id without a provider', pipeline([make('tell', 'a', { model: 'gpt-99' })]), ['model-invalid a']],
  ['a model id without a model', pipeline([make('tell', 'a', { model: 'local:' })]), ['model-invalid a']],
  [
    'a model of a provider that nobody knows',
    pipeline([make('tell', 'a', { model: 'office:m' })]),
    ['model-invalid a'],
  ],
  [
    'a model of a provider among the resources',
    {
      ...pipeline([make('tell', 'a', { model: 'office:m' })]),
      resources: { office: { kind: 'provider', baseUrl: 'http://a' } },
    },
    [],
  ],
  [
    'a chosen model that a wired one stands in for',
    pipeline([make('tell', 'a'), make('tell', 'b', { model: 'gpt-99' })], ['a.model > b.model']),
    [],
  ],
  ['no nodes', pipeline([]), ['empty']],
  ['only notes', pipeline([make('jot')]), ['empty']],
  [
    'a type that nobody knows, told once',
    pipeline([start, make('magic', 'm'), make('think')], ['ask.question > m.a', 'm.b > think.messages']),
    ['unknown-type m'],
  ],
  [
    'a node from a newer version',
    pipeline([start, make('say', 'say', {}, { version: 3 })], ['ask.question > say.question']),
    ['newer-version say'],
  ],
  [
    'a node from an older version',
    pipeline([start, make('say', 'say', {}, { version: 1 })], ['ask.question > say.question']),
    [],
  ],
  [
    'a config that breaks its schema',
    pipeline([start, make('say', 'say', { role: 'boss' })], ['ask.question > say.question']),
    ['invalid-config say'],
  ],
  [
    'a wire from a missing node',
    pipeline([make('think')], ['gone.messages > think.messages']),
    ['broken-edge think.messages edge 0'],
  ],
  ['a wire to a missing node', pipeline([start], ['ask.question > gone.text']), ['broken-edge ask.question edge 0']],
  [
    'a wire from a missing output',
    pipeline([start, make('cut')], ['ask.other > cut.text']),
    ['broken-edge ask.other edge 0'],
  ],
  [
    'a wire to a missing input',
    pipeline([start, make('cut')], ['ask.question > cut.text', 'ask.question > cut.constructor']),
    ['broken-edge cut.constructor edge 1'],
  ],
  [
    'a wire to an inherited name',
    pipeline([start], ['ask.toString > ask.valueOf']),
    ['broken-edge ask.toString edge 0'],
  ],
  ['a loop of one', pipeline([make('join')], ['join.value > join.values']), ['cycle join']],
  [
    'a loop of two, told once',
    pipeline([make('join', 'a'), make('join', 'b')], ['a.value > b.values', 'b.value > a.values']),
    ['cycle a'],
  ],
  [
    'two kinds that do not fit',
    pipeline([start, make('read')], ['ask.question > read.documents']),
    ['kind-mismatch read.documents edge 0'],
  ],
  [
    'a document where documents are taken',
    pipeline(
      [start, make('find', 'find', { index: 'book' }), make('read')],
      ['ask.question > find.query', 'find.best > read.documents'],
      { resources },
    ),
    [],
  ],
  [
    'a message where messages are taken',
    pipeline(
      [...chain.slice(0, 3), make('think', 'again')],
      [...chainEdges.slice(0, 2), 'think.message > again.messages'],
    ),
    [],
  ],
  [
    'documents in a template',
    pipeline([start, make('cut'), make('say')], ['ask.question > cut.text', 'cut.documents > say.question']),
    [],
  ],
  [
    'a kind that passes through a branch',
    pipeline([start, make('fork'), make('read')], ['ask.question > fork.value', 'fork.else > read.documents']),
    ['kind-mismatch read.documents edge 1'],
  ],
  [
    'a branch that nothing is wired into yet',
    pipeline([make('fork'), make('read')], ['fork.else > read.documents']),
    ['input-missing fork.value'],
  ],
  ['a required input without a wire', pipeline([make('think')]), ['input-missing think.messages']],
  [
    'an optional input without a wire',
    pipeline([start, make('cut'), make('read')], ['ask.question > cut.text', 'cut.documents > read.documents']),
    [],
  ],
  [
    'two wires in one input',
    pipeline([start, make('cut')], ['ask.question > cut.text', 'ask.question > cut.text']),
    ['input-taken cut.text edge 1'],
  ],
  [
    'two wires where many are taken',
    pipeline([start, make('join')], ['ask.question > join.values', 'ask.question > join.values']),
    [],
  ],
  [
    'one value where a stream is taken',
    pipeline([start, make('gather')], ['ask.question > gather.items']),
    ['needs-stream gather.items edge 0'],
  ],
  [
    'a stream, mapped and gathered',
    pipeline([rows, make('cut'), make('gather')], ['rows.text > cut.text', 'cut.documents > gather.items'], {
      resources,
    }),
    [],
  ],
  [
    'two streams in one node',
    pipeline(
      [rows, make('rows', 'more', { dataset: 'set' }), make('rate')],
      ['rows.text > rate.actual', 'more.text > rate.expected'],
      { resources },
    ),
    ['zip-first rate.expected'],
  ],
  [
    'what follows from streams that do not meet',
    pipeline(
      [rows, make('rows', 'more', { dataset: 'set' }), make('rate'), make('gather')],
      ['rows.text > rate.actual', 'more.text > rate.expected', 'rate.score > gather.items'],
      { resources },
    ),
    ['zip-first rate.expected'],
  ],
  [
    'two streams, zipped',
    pipeline(
      [rows, make('rows', 'more', { dataset: 'set' }), make('pair'), make('rate'), make('gather')],
      [
        'rows.text > pair.left',
        'more.text > pair.right',
        'pair.left > rate.actual',
        'pair.right > rate.expected',
        'rate.score > gather.items',
      ],
      { resources },
    ),
    [],
  ],
  [
    'columns of one source',
    pipeline(
      [rows, make('cut'), make('read'), make('rate')],
      [
        'rows.text > cut.text',
        'cut.documents > read.documents',
        'read.text > rate.actual',
        'rows.text > rate.expected',
      ],
      { resources },
    ),
    [],
  ],
  [
    'a single value beside a stream',
    pipeline([start, rows, make('rate')], ['ask.question > rate.actual', 'rows.text > rate.expected'], { resources }),
    [],
  ],
  [
    'a stream beside its own gathered list',
    pipeline(
      [rows, make('gather'), make('say', 'say', { template: '{{a}} {{b}}' })],
      ['rows.text > gather.items', 'gather.list > say.a', 'rows.text > say.b'],
      { resources },
    ),
    [],
  ],
  [
    'two ends with one key',
    pipeline([start, make('end', 'a'), make('end', 'b')], ['ask.question > a.question', 'ask.question > b.question']),
    ['duplicate-output b.question'],
  ],
  [
    'two ends with one key, one disabled',
    pipeline(
      [start, make('end', 'a', {}, { disabled: true }), make('end', 'b')],
      ['ask.question > a.question', 'ask.question > b.question'],
    ),
    [],
  ],
  [
    'two starts that disagree',
    pipeline([start, make('start', 'b', { fields: { question: 'number' } })]),
    ['kind-mismatch b.question'],
  ],
  [
    'a resource that is not there',
    pipeline([start, make('find', 'find', { index: 'nowhere' })], ['ask.question > find.query']),
    ['resource-missing find'],
  ],
  [
    'a resource of another kind',
    pipeline([start, make('find', 'find', { index: 'set' })], ['ask.question > find.query'], { resources }),
    ['resource-missing find'],
  ],
  [
    'a resource with an inherited name',
    pipeline([start, make('find', 'find', { index: 'toString' })], ['ask.question > find.query'], { resources }),
    ['resource-missing find'],
  ],
  [
    'an input that only a disabled node feeds',
    pipeline(
      [start, make('cut', 'cut', {}, { disabled: true }), make('read')],
      ['ask.question > cut.text', 'cut.documents > read.documents'],
    ),
    ['warning input-missing read.documents edge 1'],
  ],
  [
    'a node that joins, with one of its inputs wired',
    pipeline([start, make('either')], ['ask.question > either.left']),
    [],
  ],
  [
    'a node that joins, with nothing wired',
    pipeline([make('either')]),
    ['input-missing either.left', 'input-missing either.right'],
  ],
  [
    'what follows from streams that do not meet, beside one of them',
    pipeline(
      [
        rows,
        make('rows', 'more', { dataset: 'set' }),
        make('rate'),
        make('end', 'out', { fields: { a: 'score', b: 'text' } }),
      ],
      ['rows.text > rate.actual', 'more.text > rate.expected', 'rate.score > out.a', 'more.text > out.b'],
      { resources },
    ),
    ['zip-first rate.expected'],
  ],
  [
    'what follows from an unknown type, which might give a stream',
    pipeline([make('magic', 'm'), make('cut'), make('gather')], ['m.out > cut.text', 'cut.documents > gather.items']),
    ['unknown-type m'],
  ],
  [
    'what follows from a broken wire, which might have been a stream',
    pipeline([rows, make('cut'), make('gather')], ['rows.gone > cut.text', 'cut.documents > gather.items'], {
      resources,
    }),
    ['broken-edge rows.gone edge 0'],
  ],
  [
    'a disabled node with every other fault',
    pipeline(
      [
        start,
        make('read', 'read', {}, { disabled: true, version: 9 }),
        make('find', 'find', { index: 'no' }, { disabled: true }),
        make('gather', 'g', {}, { disabled: true }),
      ],
      [
        'ask.question > read.documents',
        'ask.question > read.hint',
        'ask.question > read.hint',
        'ask.question > g.items',
      ],
    ),
    [],
  ],
  [
    'a disabled node of an unknown type on a broken wire',
    pipeline([start, make('magic', 'm', {}, { disabled: true })], ['ask.gone > m.x']),
    ['unknown-type m', 'broken-edge ask.gone edge 0'],
  ],
  [
    'a disabled node with a bad config',
    pipeline(
      [start, make('find', 'find', { top: 0, index: 'book' }, { disabled: true })],
      ['ask.question > find.query'],
      { resources },
    ),
    [],
  ],
]

describe('check', () => {
  it.each(cases)('finds: %s', (_, document, expected) => {
    expect(findings(document)).toEqual(expected)
  })

  it('names the nodes of a cycle in the order of the wires, and not those behind it', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => make('join', id))
    const [cycle, ...others] = check(
      pipeline(nodes, ['c.value > a.values', 'a.value > b.values', 'b.value > c.values', 'c.value > d.values']),
      smallCatalogue,
    )
    expect(cycle?.details?.nodes).toBe('a b c')
    expect(others).toEqual([])
  })

  it('offers a node from the catalogue that would make the kinds fit', () => {
    const [mismatch] = check(pipeline([start, make('read')], ['ask.question > read.documents']), smallCatalogue)
    expect(mismatch?.details).toEqual({ from: 'text', to: 'documents', remedy: 'cut' })
    expect(mismatch?.message).toContain('needs documents, not text. Put "The cut" in between?')
  })

  it('judges globs only when the files are known', () => {
    const document = pipeline([start, make('find', 'find', { index: 'book' })], ['ask.question > find.query'], {
      resources,
    })
    expect(findings(document)).toEqual([])
    expect(findings(document, ['book/a/b.md'])).toEqual([])
    expect(findings(document, ['books/a.md'])).toEqual(['files-missing find'])
  })

  it('takes a stricter reader of configs from the caller', () => {
    const parseConfig = () => ({ ok: false as const, errors: [{ pointer: '/fields', message: 'Too few' }] })
    const [finding] = check(pipeline([start]), smallCatalogue, { parseConfig })
    expect(finding).toMatchObject({ code: 'invalid-config', node: 'ask', details: { pointer: '/fields' } })
  })
})

describe('a local model that is not here', () => {
  const document = pipeline([make('tell', 'a', { model: 'local:nothing' })])
  const told = (localModels?: string[]) =>
    check(document, smallCatalogue, localModels ? { localModels } : {}).map(brief)

  it('is a warning where the models are known, since a worker may bring it', () => {
    expect(told(['local:tiny'])).toEqual(['warning model-invalid a'])
    expect(told(['local:tiny', 'local:nothing'])).toEqual([])
    expect(told()).toEqual([])
  })
})

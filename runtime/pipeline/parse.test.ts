import { describe, expect, it } from 'vitest'
import { cpuTime } from '#tests/support/cpu-time.ts'
import { make, pipeline } from '#tests/support/small-catalogue.ts'
import { limits } from './document.ts'
import { findBadValue, parseDocument } from './parse.ts'

const refuse = (input: unknown) => {
  const parsed = parseDocument(input)
  if (parsed.ok) throw new Error('was taken')
  return parsed.errors
}
const document = pipeline([make('start', 'ask'), make('end', 'out')], ['ask.question > out.question'])
const withNode = (node: object) => ({ ...document, nodes: [{ ...make('start', 'ask'), ...node }] })
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const atDepth = (depth: number): unknown => JSON.parse(nested(depth))

const texts: [text: string, place: string][] = [
  ['{', 'it ends too early at line 1, column 2'],
  ['{"a": 1,}', '"}" is not expected at line 1, column 9'],
  ['{"a": 1\n "b": 2}', '"\\"" is not expected at line 2, column 2'],
  ['{"a": 01}', '"0" is not expected at line 1, column 7'],
  ["{'a': 1}", '"\'" is not expected at line 1, column 2'],
  ['{"a": [1, 2}', '"}" is not expected at line 1, column 12'],
  ['{"a": "x\ny"}', '"\\"" is not expected at line 1, column 7'],
  ['{"a": "\\x"}', '"\\"" is not expected at line 1, column 7'],
  ['{"a": truthy}', '"t" is not expected at line 1, column 7'],
  ['{"a": 1} {"b"', '"{" is not expected at line 1, column 10'],
  ['{"a": 1.}', '"1" is not expected at line 1, column 7'],
  ['[,]', '"," is not expected at line 1, column 2'],
  ['{"a": 1, 2}', '"2" is not expected at line 1, column 10'],
  ['[1, "a": 2]', '":" is not expected at line 1, column 8'],
  ['{"a"}', '"}" is not expected at line 1, column 5'],
  ['nothing', '"n" is not expected at line 1, column 1'],
  ['{"a": \r\n  tru', '"t" is not expected at line 2, column 3'],
]

const values: [title: string, input: unknown, pointer: string, message: RegExp][] = [
  ['an empty text', ' \n', '', /empty/],
  ['a list', [], '', /JSON object with format/],
  ['null', null, '', /JSON object/],
  ['no format', { name: 'x' }, '/format', /Add "format"/],
  [
    'a format from the future',
    { ...document, format: 'patchbay/9' },
    '/format',
    /"patchbay\/9" is not known here; patchbay\/1 is/,
  ],
  ['a format of another type', { ...document, format: { a: 1 } }, '/format', /not known/],
  ['no nodes', { format: 'patchbay/1', name: 'x', edges: [] }, '/nodes', /expected array/],
  ['an unknown key', { ...document, viewport: {} }, '', /"viewport" is not known here/],
  ['an unknown key in a node', withNode({ position: 1 }), '/nodes/0', /"position" is not known/],
  ['an id with a space', withNode({ id: 'a b' }), '/nodes/0/id', /1 to 64 letters/],
  ['a reserved id', withNode({ id: 'constructor' }), '/nodes/0/id', /reserved/],
  [
    'an edge without a port',
    { ...document, edges: [{ from: 'ask', to: 'out.answer' }] },
    '/edges/0/from',
    /node\.port/,
  ],
  ['a version of text', withNode({ version: '1' }), '/nodes/0/version', /number/],
  ['a place with one number', withNode({ at: [1] }), '/nodes/0/at', /./],
  [
    'the same id twice',
    { ...document, nodes: [make('start', 'ask'), make('end', 'ask')] },
    '/nodes/1/id',
    /taken by \/nodes\/0/,
  ],
  ['U+0000 in a text', withNode({ config: { a: ['x\u0000'] } }), '/nodes/0/config/a/0', /U\+0000/],
  ['U+0000 in a key', withNode({ config: { 'a\u0000': 1 } }), '/nodes/0/config/a\u0000', /U\+0000/],
  ['half a surrogate pair', withNode({ title: 'x\ud83d' }), '/nodes/0/title', /surrogate/],
  ['half a surrogate pair in a key', withNode({ config: { '\udc00': 1 } }), '/nodes/0/config/\udc00', /surrogate/],
  ['__proto__', '{"format":"patchbay/1","a":{"__proto__":{"x":1}}}', '/a/__proto__', /reserved/],
  [
    'constructor, deep inside',
    withNode({ config: { 'a/b~': [{ constructor: 1 }] } }),
    '/nodes/0/config/a~1b~0/0/constructor',
    /reserved/,
  ],
  ['a number beyond the finite', '{"format":"patchbay/1","x":1e999}', '/x', /finite/],
  ['NaN', withNode({ config: { a: Number.NaN } }), '/nodes/0/config/a', /finite/],
  ['a function', withNode({ config: { a: () => 1 } }), '/nodes/0/config/a', /not JSON/],
  [
    'depth 65',
    withNode({ config: { deep: atDepth(61) } }),
    `/nodes/0/config/deep${'/0'.repeat(60)}`,
    /more than 64 deep/,
  ],
  ['depth 10,000', nested(10_000), '/0'.repeat(64), /more than 64 deep/],
  ['depth 1,000,000', nested(1_000_000), '/0'.repeat(64), /more than 64 deep/],
  [
    'too many nodes',
    { ...document, nodes: new Array(limits.nodes + 1).fill(make('start')) },
    '/nodes',
    /5001 nodes; 5000 are allowed/,
  ],
  [
    'too many edges',
    { ...document, edges: new Array(limits.edges + 1).fill(document.edges[0]) },
    '/edges',
    /20001 edges/,
  ],
  ['6 MB of text', ' '.repeat(6_000_000), '', /larger than 5 MB/],
  [
    '6 MB of bytes in 2 M letters',
    JSON.stringify({ ...document, description: '한'.repeat(2_000_000) }),
    '',
    /larger than 5 MB/,
  ],
  ['6 MB as a value', { ...document, description: 'x'.repeat(6_000_000) }, '', /larger than 5 MB/],
  ...['../secret.md', 'a/../../b', '/etc/passwd', 'C:/x', 'a\\b', 'a/..'].map(
    (path): [string, unknown, string, RegExp] => [
      `the path ${path}`,
      { ...document, resources: { book: { kind: 'index', files: ['ok.md', path] } } },
      '/resources/book/files/1',
      /stays inside the folder/,
    ],
  ),
]

describe('parseDocument', () => {
  it('takes a document as text and as a value', () => {
    expect(parseDocument(JSON.stringify(document))).toEqual({ ok: true, document })
    expect(parseDocument(document)).toEqual({ ok: true, document })
    expect(parseDocument(`\uFEFF${JSON.stringify(document)}`)).toEqual({ ok: true, document })
  })

  it.each(texts)('says where %j stops being JSON', (text, place) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(refuse(text)).toMatchObject([
      { pointer: '', message: `The document is not JSON: ${place}. Correct it there.` },
    ])
  })

  it.each(values)('refuses %s and says where', (_, input, pointer, message) => {
    const [error] = refuse(input)
    expect(error?.pointer).toBe(pointer)
    expect(error?.message).toMatch(message)
  })

  it.each(['./handbook/*.md', 'a..b/c.md', '..a/b', '...', 'a/**/b.md', '파일.md'])('takes the path %s', (path) => {
    expect(parseDocument({ ...document, resources: { book: { kind: 'index', files: [path] } } }).ok).toBe(true)
  })

  it('takes depth 64 and pairs of surrogates', () => {
    expect(parseDocument(withNode({ title: '🎛️', config: { deep: atDepth(60) } })).ok).toBe(true)
  })

  it('tells at most 50 errors', () => {
    expect(refuse({ ...document, nodes: new Array(200).fill({}) })).toHaveLength(50)
  })

  it('reads 5,000 nodes and 20,000 edges in under a second', () => {
    const nodes = Array.from({ length: limits.nodes }, (_, at) => make('say', `n${at}`, { template: 'x'.repeat(100) }))
    const edges = Array.from({ length: limits.edges }, (_, at) => ({
      from: `n${at % 5_000}.messages`,
      to: `n${(at + 1) % 5_000}.a`,
    }))
    const text = JSON.stringify({ ...document, nodes, edges })
    expect(cpuTime(() => expect(parseDocument(text).ok).toBe(true))).toBeLessThan(1_000)
  })
})

describe('findBadValue', () => {
  it('finds nothing in what may be stored', () => {
    expect(findBadValue({ a: [1, 'x', null, true, {}, []] })).toBeUndefined()
    expect(findBadValue('text')).toBeUndefined()
  })
  it('survives a value that contains itself', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(findBadValue(loop)?.message).toMatch(/deep/)
  })
})

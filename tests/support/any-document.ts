import fc from 'fast-check'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'

/** Text that a document may hold: any Unicode except U+0000. */
const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength }).map((value) => value.replaceAll('\0', ''))
const id = fc
  .stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
  .filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name))
const key = text(12).filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name))

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text(20),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

const place = fc.double({ noNaN: true, noDefaultInfinity: true })
const duration = fc.constantFrom('10ms', '1.5s', '30s', '2m', '1h')
const optional = { requiredKeys: [] }
const policy = fc.record(
  {
    retry: fc.record(
      { attempts: fc.integer({ min: 1, max: 20 }), most: duration, first: duration },
      { requiredKeys: ['attempts'] },
    ),
    concurrency: fc.integer({ min: 1, max: 1000 }),
    budget: fc.record({ usd: fc.constant(0.5), tokens: fc.integer({ min: 1, max: 99 }) }, optional),
    onItemError: fc.constantFrom('fail', 'skip', 'collect'),
    timeout: duration,
    cache: fc.record({ for: duration }),
  },
  optional,
)

const node = (types: readonly string[], configs: fc.Arbitrary<unknown>) =>
  fc.record(
    {
      at: fc.tuple(place, place),
      config: configs,
      type: fc.constantFrom(...types),
      id,
      version: fc.integer({ min: 1, max: 3 }),
      note: text(20),
      title: text(20),
      disabled: fc.constant(true),
      pin: fc.dictionary(key, json, { maxKeys: 2, noNullPrototype: true }),
      policy,
      size: fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 })),
    },
    { requiredKeys: ['id', 'type', 'version', 'config', 'at'] },
  )

/** Configs that some node types of the small catalogue understand, and many that none does. */
const config = fc.oneof(
  fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true }),
  fc.record(
    {
      fields: fc.dictionary(
        fc.constantFrom('a', 'b', 'question', '질문'),
        fc.constantFrom('text', 'json', 'documents', 'wrong'),
      ),
      template: fc.constantFrom('{{a}} {{b.c}}', '{{question}}', '{{질문}}', ''),
      cases: fc.dictionary(fc.constantFrom('a', 'b'), json),
      index: fc.constantFrom('book', 'set', '', 'toString'),
      dataset: fc.constantFrom('set', 'gone'),
    },
    optional,
  ),
)

const ports = [
  'a', 'b', 'question', 'messages', 'text', 'documents', 'query', 'value', 'values', 'else', 'rows', 'items', 'list', 'item',
  'left', 'right', 'actual', 'expected', 'score', 'on', 'toString',
] // biome-ignore format: a list of words

/**
 * Any document that `parseDocument` takes, with nodes of these types. Wires join real nodes and plausible ports more often than
 * not, so that graphs with cycles, maps and branches come up.
 */
export const anyDocument = (types: readonly string[]): fc.Arbitrary<PipelineDocument> =>
  fc.uniqueArray(node(types, config), { selector: ({ id }) => id, maxLength: 12 }).chain((nodes) => {
    const someNode = nodes.length > 0 ? fc.constantFrom(...nodes.map(({ id }) => id), 'gone') : fc.constant('gone')
    const end = fc.tuple(someNode, fc.constantFrom(...ports)).map((parts) => parts.join('.'))
    return fc.record(
      {
        edges: fc.array(fc.record({ to: end, from: end }), { maxLength: 24 }),
        nodes: fc.constant(nodes),
        name: text(20).map((name) => name || 'Test'),
        format: fc.constant('patchbay/1'),
        groups: fc.array(fc.record({ title: text(9), nodes: fc.array(id, { maxLength: 3 }) }), { maxLength: 2 }),
        description: text(20),
        resources: fc.dictionary(
          fc.constantFrom('book', 'set', 'other'),
          fc.record(
            {
              top: json,
              kind: fc.constantFrom('index', 'dataset', 'provider'),
              files: fc.array(fc.constantFrom('./a/*.md', 'b/**', 'c.csv'), { maxLength: 2 }),
            },
            { requiredKeys: ['kind'] },
          ),
        ),
      },
      { requiredKeys: ['format', 'name', 'nodes', 'edges'] },
    )
  }) as fc.Arbitrary<PipelineDocument>

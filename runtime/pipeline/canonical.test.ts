import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyDocument } from '#tests/support/any-document.ts'
import { make, pipeline } from '#tests/support/small-catalogue.ts'
import { digest, serialise } from './canonical.ts'
import type { PipelineDocument } from './document.ts'
import { parseDocument } from './parse.ts'

const read = (text: string): PipelineDocument => {
  const parsed = parseDocument(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.document
}

describe('serialise', () => {
  it('gives the same bytes after an import, for any document', () => {
    fc.assert(
      fc.property(anyDocument(['start', 'say', 'think']), (document) => {
        const text = serialise(document)
        expect(serialise(read(text))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same bytes for a document whose known keys come in another order', () => {
    const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse())
    fc.assert(
      fc.property(anyDocument(['start', 'say']), (document) => {
        const turned = {
          ...reversed(document),
          nodes: document.nodes.map(reversed),
          edges: document.edges.map(reversed),
        }
        expect(serialise(read(JSON.stringify(turned)))).toBe(serialise(document))
      }),
    )
  })

  it('loses nothing but what equals its default', () => {
    fc.assert(
      fc.property(anyDocument(['start', 'say']), (document) => {
        // JSON has no -0, so it is compared as JSON.
        const full = JSON.parse(JSON.stringify(document)) as PipelineDocument
        const back = read(serialise(document))
        expect(
          back.nodes.map(({ id, type, version, config, at, size, pin, disabled }) => ({
            id,
            type,
            version,
            config,
            at,
            size,
            pin,
            disabled,
          })),
        ).toEqual(
          full.nodes.map(({ id, type, version, config, at, size, pin, disabled }) => ({
            id,
            type,
            version,
            config,
            at,
            size,
            pin,
            disabled,
          })),
        )
        expect(back.edges).toEqual(full.edges)
        expect(back.resources ?? {}).toEqual(full.resources ?? {})
        expect(back.groups ?? []).toEqual(full.groups ?? [])
        const policies = (of: PipelineDocument) =>
          of.nodes.map(({ policy: { budget, ...rest } = {} }) => ({ ...rest, budget: budget ?? {} }))
        expect(policies(back)).toEqual(policies(full))
        expect(back.nodes.map(({ title = '', note = '' }) => [title, note])).toEqual(
          full.nodes.map(({ title = '', note = '' }) => [title, note]),
        )
      }),
    )
  })

  it('writes one node and one edge a line, known keys first in their order, and a newline at the end', () => {
    const document = pipeline(
      [make('start', 'ask', { fields: { b: 'text', a: 'number' } }, { title: '', policy: {} }), make('end', 'out')],
      ['ask.b > out.answer'],
      { groups: [], resources: { book: { top: 3, files: ['./a.md'], kind: 'index' } } },
    )
    expect(serialise(document)).toBe(`{
  "format": "patchbay/1",
  "name": "Test",
  "resources": {
    "book": { "kind": "index", "files": ["./a.md"], "top": 3 }
  },
  "nodes": [
    { "id": "ask", "type": "start", "version": 1, "config": { "fields": { "b": "text", "a": "number" } }, "at": [0, 0] },
    { "id": "out", "type": "end", "version": 1, "config": {}, "at": [0, 0] }
  ],
  "edges": [
    { "from": "ask.b", "to": "out.answer" }
  ]
}
`)
  })
})

describe('digest', () => {
  it('is the SHA-256 of the text and differs as soon as one config differs', async () => {
    const document = pipeline([make('say', 'say', { template: 'a' })])
    const other = pipeline([make('say', 'say', { template: 'b' })])
    expect(await digest(document)).toMatch(/^[0-9a-f]{64}$/)
    expect(await digest(document)).toBe(await digest(read(serialise(document))))
    expect(await digest(document)).not.toBe(await digest(other))
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyDocument } from '#tests/support/any-document.ts'
import { cpuTime } from '#tests/support/cpu-time.ts'
import { make, pipeline, smallCatalogue } from '#tests/support/small-catalogue.ts'
import { serialise } from './canonical.ts'
import { check } from './check.ts'
import { limits, splitRef } from './document.ts'
import { lift } from './lift.ts'
import { parseDocument } from './parse.ts'

const types = [...smallCatalogue.map(({ type }) => type), 'magic', 'toString']
const files = ['a/x.md', 'c.csv']

describe('check on any document', () => {
  it('never throws, says the same twice, and points at what is there', () => {
    fc.assert(
      fc.property(anyDocument(types), (document) => {
        const found = check(document, smallCatalogue, { files })
        expect(check(structuredClone(document), smallCatalogue, { files })).toEqual(found)
        const ids = new Set(document.nodes.map(({ id }) => id))
        for (const { node, edge, message } of found) {
          if (node !== undefined) expect(ids).toContain(node)
          if (edge !== undefined) expect(document.edges[edge]).toBeDefined()
          expect(message).toMatch(/[.?]$/)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('finds the same after an export and an import', () => {
    fc.assert(
      fc.property(anyDocument(types), (document) => {
        const back = parseDocument(serialise(document))
        if (!back.ok) throw new Error(JSON.stringify(back.errors))
        expect(check(back.document, smallCatalogue)).toEqual(check(document, smallCatalogue))
      }),
    )
  })

  it('orders every node after all that feed it', () => {
    fc.assert(
      fc.property(anyDocument(types), (document) => {
        const { order, edges, nodes, problems } = lift(document, smallCatalogue)
        const place = new Map(order.map((id, at) => [id, at]))
        for (const { from, to } of edges) {
          const [before, after] = [place.get(from.node), place.get(to.node)]
          if (after !== undefined) expect(before).toBeLessThan(after)
        }
        const onCycle = problems.some(({ problem }) => problem === 'cycle')
        const runnable = [...nodes.values()].filter(({ entry }) => !entry.annotation)
        if (!onCycle) expect(order).toHaveLength(runnable.length)
      }),
      { numRuns: 500 },
    )
  })

  it('leaves no wire of a clean document unaccounted for', () => {
    fc.assert(
      fc.property(anyDocument(types), (document) => {
        if (check(document, smallCatalogue).some(({ level }) => level === 'error')) return
        const { edges, nodes } = lift(document, smallCatalogue)
        expect(edges).toHaveLength(document.edges.length)
        for (const edge of edges) {
          expect(edge.fit).toBeDefined()
          const [source, target] = [nodes.get(edge.from.node), nodes.get(edge.to.node)]
          const base = target?.inputs.get(edge.to.port)?.each ? edge.axes.slice(0, -1) : edge.axes
          expect(target?.axes.slice(0, base.length)).toEqual(base)
          expect(source && splitRef(document.edges[edge.index]?.from ?? '').node).toBe(source?.id)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

const many = (count: number, type: string) =>
  Array.from({ length: count }, (_, at) => make(type, `n${at}`, { cases: { a: 1, b: 2 } }))
const wires = (count: number, wire: (at: number) => string) => Array.from({ length: count }, (_, at) => wire(at))

describe('check at the limits (5,000 nodes, 20,000 edges)', () => {
  it.each<[title: string, document: ReturnType<typeof pipeline>]>([
    [
      'a chain',
      pipeline(
        many(limits.nodes, 'join'),
        wires(limits.nodes - 1, (at) => `n${at}.value > n${at + 1}.values`),
      ),
    ],
    [
      'one large cycle',
      pipeline(
        many(limits.nodes, 'join'),
        wires(limits.nodes, (at) => `n${at}.value > n${(at + 1) % limits.nodes}.values`),
      ),
    ],
    [
      'many edges into all',
      pipeline(
        many(limits.nodes, 'join'),
        wires(limits.edges, (at) => `n${at % 4_000}.value > n${4_000 + (at % 1_000)}.values`),
      ),
    ],
    [
      'everything on cycles',
      pipeline(
        many(limits.nodes, 'join'),
        wires(limits.edges, (at) => `n${at % 5_000}.value > n${(at * 7 + 1) % 5_000}.values`),
      ),
    ],
    [
      'branches in a chain',
      pipeline(
        many(limits.nodes, 'fork'),
        wires(limits.nodes - 1, (at) => `n${at}.a > n${at + 1}.value`),
      ),
    ],
    [
      'branches with both arms wired',
      pipeline(
        many(limits.nodes, 'fork'),
        wires(
          limits.edges,
          (at) => `n${at % 4_999}.${at % 2 ? 'a' : 'b'} > n${(at % 4_999) + 1}.${at % 4 < 2 ? 'value' : 'on'}`,
        ),
      ),
    ],
    [
      'maps within maps',
      pipeline(
        many(limits.nodes, 'pair'),
        wires(limits.nodes - 1, (at) => `n${at}.left > n${at + 1}.left`),
      ),
    ],
  ])('%s: well under a second', (_, document) => {
    // Measured: at most 0.25 s.
    expect(cpuTime(() => check(document, smallCatalogue))).toBeLessThan(1_000)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, registry } from '#nodes/registry.ts'
import { makePlan } from '#runtime/engine/make-plan.ts'
import { check } from '#runtime/pipeline/check.ts'
import { configParser } from '#runtime/pipeline/config.ts'
import type { Edge, PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { lift, portsFit } from '#runtime/pipeline/lift.ts'

const parseConfig = configParser((entry) => registry.get(entry.type)?.config)
const resources: PipelineDocument['resources'] = { book: { kind: 'index' }, set: { kind: 'dataset' } }

/** Configs under which a type has ports worth wiring. */
const configs: Record<string, PipelineNode['config']> = {
  input: { fields: { text: 'text', list: 'json', docs: 'documents' } },
  output: { fields: { result: 'any' } },
  prompt: { template: '{{a}} {{b}}' },
  text: { template: '{{a}}' },
  retriever: { index: 'book' },
  dataset: { dataset: 'set', fields: { text: 'text', expected: 'text' } },
  fields: { fields: { a: 'text', b: 'json' } },
  branch: { cases: { a: { equals: 'a' } } },
}
const types = [...registry.keys()]

/** Picks the choices one after the other, so that fast-check can make a failing document smaller. */
const pick = <T>(from: readonly T[], choice: number | undefined): T | undefined => from[(choice ?? 0) % from.length]

/** A document grown node by node: each input is wired to an earlier output that fits, if the choices find one. */
const grow = (choices: readonly number[]): PipelineDocument => {
  const rest = choices.values()
  const next = () => rest.next().value
  const document: PipelineDocument = { format: 'patchbay/1', name: 'Grown', resources, nodes: [], edges: [] }
  const add = (type: string) => {
    const id = `n${document.nodes.length}`
    const node: PipelineNode = {
      id,
      type,
      version: registry.get(type)?.version ?? 1,
      config: configs[type] ?? {},
      at: [0, 0],
    }
    const grown = lift({ ...document, nodes: [...document.nodes, node] }, catalogue, { parseConfig })
    const outputs = [...grown.nodes.values()].flatMap((source) =>
      source.id === id ? [] : [...source.outputs].map(([port, info]) => ({ ref: `${source.id}.${port}`, info })),
    )
    const edges = [...(grown.nodes.get(id)?.inputs ?? [])].flatMap(([port, info]): Edge[] => {
      const fitting = outputs.filter((output) => portsFit(output.info, info))
      const from = pick(fitting, next())
      return from ? [{ from: from.ref, to: `${id}.${port}` }] : []
    })
    document.nodes.push(node)
    document.edges.push(...edges)
  }
  add('input')
  for (let type = next(); type !== undefined; type = next()) add(pick(types, type) as string)
  return document
}

describe('check and engine', () => {
  it('agree: what has no errors can be planned, in the order that lifting found', () => {
    let planned = 0
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 24 }), (choices) => {
        const document = grow(choices)
        const errors = check(document, catalogue, { parseConfig }).filter(({ level }) => level === 'error')
        if (errors.length > 0) return
        planned++
        const plan = makePlan(document, registry, false)
        expect(plan.nodes.map(({ id }) => id)).toEqual(lift(document, catalogue, { parseConfig }).order)
      }),
      { numRuns: 500 },
    )
    expect(planned).toBeGreaterThan(50)
  })
})

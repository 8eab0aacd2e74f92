import fc from 'fast-check'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { wire } from './wire.ts'

type Output = { ref: string; axes: readonly string[] }
type Choice = { type: string; picks: number[]; by: number; policy: 'fail' | 'skip' | 'collect' }

const types = ['add', 'add-later', 'parity', 'merge', 'few', 'gather', 'read'] as const

const choice: fc.Arbitrary<Choice> = fc.record({
  type: fc.constantFrom(...types),
  picks: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 }),
  by: fc.integer({ min: -3, max: 9 }),
  policy: fc.constantFrom('fail', 'skip', 'collect'),
})

const isPrefix = (short: readonly string[], long: readonly string[]) => short.every((axis, at) => axis === long[at])

/** Builds node after node, wiring each only to what fits: the axes of its inputs are prefixes of one another. */
const build = (choices: readonly Choice[]): PipelineDocument => {
  const nodes: Parameters<typeof wire>[0] = { in: 'start' }
  const edges: string[] = []
  const outputs: Output[] = [{ ref: 'in.x', axes: [] }]
  for (const [at, { type, picks, by, policy }] of choices.entries()) {
    const id = `n${at}`
    const candidates = type === 'gather' ? outputs.filter(({ axes }) => axes.length > 0) : outputs
    const first = candidates[(picks[0] ?? 0) % Math.max(1, candidates.length)]
    if (!first || (type === 'few' && first.axes.length >= 2)) continue
    const chosen = [first]
    if (type === 'add' || type === 'add-later' || type === 'merge') {
      const fitting = outputs.filter(({ axes }) => isPrefix(axes, first.axes))
      for (const pick of picks.slice(1)) chosen.push(fitting[pick % fitting.length] as Output)
    }
    for (const { ref } of new Set(chosen)) edges.push(`${ref} > ${id}.x`)
    const config = type === 'read' ? { name: 'third' } : type.startsWith('add') ? { by } : {}
    nodes[id] = { type, config, policy: { onItemError: policy } }
    const { axes } = first
    if (type === 'parity') outputs.push({ ref: `${id}.even`, axes }, { ref: `${id}.odd`, axes })
    else if (type === 'few') outputs.push({ ref: `${id}.n`, axes }, { ref: `${id}.x`, axes: [...axes, id] })
    else if (type === 'gather') outputs.push({ ref: `${id}.sum`, axes: axes.slice(0, -1) })
    else outputs.push({ ref: `${id}.x`, axes })
  }
  return wire(nodes, ...edges)
}

/** Any legal pipeline of the test nodes: branches, merges, maps in maps, broadcasts, collecting and going over again. */
export const anyPipeline: fc.Arbitrary<PipelineDocument> = fc.array(choice, { minLength: 1, maxLength: 14 }).map(build)

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NodeError } from '#nodes/errors.ts'
import { makePlan } from '#runtime/engine/make-plan.ts'
import type { Plan } from '#runtime/engine/plan.ts'
import { findScope, fold, type JournalEntry, type Scope } from '#runtime/engine/state.ts'
import { anyPipeline } from '../support/any-pipeline.ts'
import { runPurely } from '../support/pure-run.ts'
import { testRegistry } from '../support/test-nodes.ts'

/** Fails on every third number, and takes its time. */
const registry = testRegistry({
  third: async ({ inputs }) => {
    await new Promise(setImmediate)
    if (Number(inputs.x) % 3 === 0) throw new NodeError('third', 'A third. Send others.')
    return { x: inputs.x }
  },
})

const example = fc.record({ document: anyPipeline, x: fc.integer({ min: 0, max: 50 }) })
const keyOf = (entry: JournalEntry): string =>
  'step' in entry
    ? `${entry.step.node} ${entry.step.path}`
    : `${entry.source.node} ${entry.source.path} from ${entry.source.from}`
const stepsOf = (entries: readonly JournalEntry[]) => entries.flatMap((entry) => ('step' in entry ? [entry.step] : []))

/** A state as plain data, without the links upward. */
const plain = ({ path, item, rows, maps }: Scope): unknown => ({
  path,
  item,
  rows: rows.map((row) => row && { ...row, startedAt: 0, ms: 0 }),
  maps: maps.map((items) => items && { whole: items.whole, scopes: items.scopes.map(plain) }),
})

/** The rows that a step's inputs come from. */
const giversOf = (plan: Plan, root: Scope, step: { node: string; path: readonly number[] }) =>
  (plan.byId.get(step.node)?.inputs ?? []).flatMap((input) =>
    input.sources.flatMap((source) => {
      const giver = plan.nodes[source.node]
      if (!giver || input.each) return []
      const scope = findScope(root, plan, giver, step.path.slice(0, giver.axis.length))
      return scope?.rows[giver.slot] ?? []
    }),
  )

it('executes every step once, each after those it needs, and comes to an end', async () => {
  await fc.assert(
    fc.asyncProperty(example, async ({ document, x }) => {
      const plan = makePlan(document, registry, false)
      const { run, entries, end } = await runPurely(plan, document, { x })
      expect(end).toBeDefined()
      expect(new Set(entries.map(keyOf)).size).toBe(entries.length)
      for (const step of stepsOf(entries))
        for (const giver of giversOf(plan, run.state.root, step)) expect(giver.seq).toBeLessThan(step.seq)
      if (end?.status !== 'succeeded') return
      const settled = (nodes: Plan['nodes'], scope: Scope): void => {
        for (const node of nodes) {
          const source = node.axis[scope.path.length]
          if (source === undefined) expect(scope.rows[node.slot], `${node.id} [${scope.path}]`).toBeDefined()
          else for (const item of scope.maps[plan.nodes[source]?.slot ?? -1]?.scopes ?? []) settled([node], item)
        }
      }
      settled(plan.nodes, run.state.root)
    }),
    { numRuns: 300 },
  )
})

it('is in the state that its journal folds into', async () => {
  await fc.assert(
    fc.asyncProperty(example, async ({ document, x }) => {
      const plan = makePlan(document, registry, false)
      const { run, entries } = await runPurely(plan, document, { x })
      const folded = fold(plan, entries)
      expect(plain(folded.root)).toEqual(plain(run.state.root))
    }),
    { numRuns: 200 },
  )
})

it('comes to the same end from wherever it was interrupted, and repeats nothing that is journaled', async () => {
  await fc.assert(
    fc.asyncProperty(example, fc.nat(), async ({ document, x }, cut) => {
      const plan = makePlan(document, registry, false)
      const whole = await runPurely(plan, document, { x })
      const prefix = whole.entries.slice(0, cut % (whole.entries.length + 1))
      const again = await runPurely(plan, document, { x }, fold(plan, prefix))
      const known = new Set(prefix.map(keyOf))
      for (const entry of again.entries) expect(known.has(keyOf(entry))).toBe(false)
      expect(again.end?.status).toBe(whole.end?.status)
      if (whole.end?.status === 'succeeded') expect(again.end?.output).toEqual(whole.end.output)
    }),
    { numRuns: 300 },
  )
})

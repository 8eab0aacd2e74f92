import type { Item } from '#nodes/ports.ts'
import type { StepRow } from '../store/journal.ts'
import type { Plan, PlanNode, Source } from './plan.ts'
import type { Scope } from './state.ts'

type Stream = AsyncIterable<Item<unknown>>

/** All items of a map at one of its ports, by position, for a node that ends the map. Undefined when the map never began. */
export const streamOf = (plan: Plan, source: Source, scope: Scope): Stream | undefined => {
  const from = plan.nodes[source.node] as PlanNode
  const starter = source.item ? from : (plan.nodes[from.axis.at(-1) as number] as PlanNode)
  const items = scope.maps[starter.slot]
  if (!items?.whole || scope.rows[starter.slot]?.status !== 'succeeded') return undefined
  return {
    async *[Symbol.asyncIterator]() {
      for (const item of items.scopes) yield itemAt(plan, source, item)
    },
  }
}

const itemAt = (plan: Plan, source: Source, scope: Scope): Item<unknown> => {
  const values = source.item ? scope.item : scope.rows[source.slot]?.outputs
  if (values && Object.hasOwn(values, source.port)) return { path: scope.path, value: values[source.port] }
  return { path: scope.path, ...holeOf(plan.nodes[source.node] as PlanNode, scope.rows[source.slot]) }
}

type Hole = { hole: 'failed' | 'skipped'; error?: string }

/** A failure is told at its position under `collect`, and at those that missed a value because of it. */
const holeOf = (node: PlanNode, row: StepRow | undefined): Hole => {
  const told = row?.status === 'skipped' || node.onItemError === 'collect'
  return row?.error && told ? { hole: 'failed', error: row.error.message } : { hole: 'skipped' }
}

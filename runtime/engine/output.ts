import { valueOf } from './inputs.ts'
import type { Plan, PlanNode } from './plan.ts'
import type { Scope } from './state.ts'

/** The run's output: what the end nodes received, merged; without end nodes, what the last nodes gave, by their ids. */
export const runOutput = (plan: Plan, root: Scope): Record<string, unknown> => {
  const output: Record<string, unknown> = {}
  for (const end of plan.ends) {
    for (const input of end.inputs) {
      const value = overItems(plan, end, root, (scope) =>
        scope.rows[end.slot]?.status === 'succeeded' ? valueOf(plan, end, input, scope) : undefined,
      )
      if (value !== undefined) output[input.port] = value
    }
  }
  if (plan.ends.length > 0) return output
  for (const sink of plan.sinks) {
    const value = overItems(plan, sink, root, (scope) => scope.rows[sink.slot]?.outputs ?? undefined)
    if (value !== undefined) output[sink.id] = value
  }
  return output
}

/** A mapped node gives a list with one place per item, `null` where there is none; nested maps give nested lists. */
const overItems = (plan: Plan, node: PlanNode, scope: Scope, read: (scope: Scope) => unknown): unknown => {
  const source = plan.nodes[node.axis[scope.path.length] as number]
  if (!source) return read(scope)
  const items = scope.maps[source.slot]
  return items?.scopes.map((item) => overItems(plan, node, item, read) ?? null)
}

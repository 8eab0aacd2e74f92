import { coerce } from '../pipeline/ports.ts'
import type { StepRow } from '../store/journal.ts'
import type { RunError } from './events.ts'
import { streamOf } from './items.ts'
import type { Plan, PlanInput, PlanNode, Source } from './plan.ts'
import { holderOf, type Scope } from './state.ts'

export type SkipReason = 'branch' | 'disabled' | 'upstream'
/** `cause`: the failure, tolerated by `onItemError: collect`, that left this node without input. */
export type Decision = { run: Record<string, unknown> } | { skip: SkipReason; cause: RunError | null }

/** Whether a node whose sources have settled runs, and with what. Pure: the same plan and state decide the same. */
export const decide = (plan: Plan, node: PlanNode, scope: Scope): Decision => {
  if (node.disabled) return { skip: 'disabled', cause: null }
  const inputs: Record<string, unknown> = {}
  let given = 0
  let starved: PlanInput | undefined
  for (const input of node.inputs) {
    const value = valueOf(plan, node, input, scope)
    if (value === undefined) {
      if (input.required) starved ??= input
      continue
    }
    inputs[input.port] = value
    given += 1
  }
  const skips = node.definition.joins ? given === 0 && node.inputs.length > 0 : starved !== undefined
  return skips ? starvation(plan, starved ? [starved] : node.inputs, scope) : { run: inputs }
}

/** What flows into an input, coerced; undefined when nothing does. */
export const valueOf = (plan: Plan, node: PlanNode, input: PlanInput, scope: Scope): unknown => {
  const { sources } = input
  if (input.each) return sources[0] && streamOf(plan, sources[0], scope)
  const [first] = sources
  if (!input.many) {
    if (!first) return undefined
    const value = valueAt(first, scope)
    return value === undefined || first.kind === input.kind ? value : coerce(value, first.kind, input.kind)
  }
  const values: unknown[] = []
  for (const source of sources) {
    const value = valueAt(source, scope)
    if (value !== undefined) values.push(coerce(value, source.kind, input.kind))
  }
  return values.length > 0 ? values : undefined
}

/** A value of an outer scope is broadcast to all items below it. */
const valueAt = (source: Source, scope: Scope): unknown => {
  const holder = holderOf(source, scope)
  const values = source.item ? holder.item : holder.rows[source.slot]?.outputs
  return values && Object.hasOwn(values, source.port) ? values[source.port] : undefined
}

/** `branch`: a source ran and took another port; `upstream`: it did not run itself. */
const starvation = (plan: Plan, inputs: readonly PlanInput[], scope: Scope): Decision => {
  const sources = inputs.flatMap((input) => input.sources)
  const rows = sources.map((source) => (source.item ? undefined : holderOf(source, scope).rows[source.slot]))
  const ran = rows.some((row, at) => sources[at]?.item || row?.status === 'succeeded')
  const cause = rows.find((row, at) => row?.error && tells(plan.nodes[(sources[at] as Source).node], row))?.error
  return { skip: ran ? 'branch' : 'upstream', cause: cause ?? null }
}

/** Under `collect` a failure is told to those who miss the value; under `skip` it is not. */
const tells = (node: PlanNode | undefined, row: StepRow): boolean =>
  row.status === 'skipped' || node?.onItemError === 'collect'

import type { SourceChunk, StepRow } from '../store/journal.ts'
import type { RunError } from './events.ts'
import type { Plan, PlanNode, Source } from './plan.ts'

/** Where steps of one path live: the run itself (path `[]`), or one item of a map. */
export type Scope = {
  path: readonly number[]
  parent: Scope | undefined
  /** The item's values by port; undefined for the run itself. */
  item: Readonly<Record<string, unknown>> | undefined
  /** What has settled, by slot. */
  rows: (StepRow | undefined)[]
  /** Items of the maps that were started in this scope, by the slot of their source. */
  maps: (Items | undefined)[]
}

/** The items of one map in one scope. `whole`: the source has ended, none will follow. */
export type Items = { scopes: Scope[]; whole: boolean }

/**
 * The state of a run is nothing but its journal, folded. `failure`: a step failed and nobody tolerates it, so that all
 * that can follow is the end.
 */
export type RunState = { root: Scope; seq: number; failure: RunError | undefined }

const noMaps: readonly never[] = []

const scopeOf = (plan: Plan, source: number, path: readonly number[], parent?: Scope, item?: Scope['item']): Scope => ({
  path,
  parent,
  item,
  rows: new Array<StepRow | undefined>(plan.sizes.get(source) ?? 0),
  maps: noMaps as unknown as Scope['maps'],
})

export const emptyState = (plan: Plan): RunState => ({ root: scopeOf(plan, -1, []), seq: 0, failure: undefined })

/** The items of a source in a scope, made on first use. */
export const itemsOf = (scope: Scope, source: PlanNode): Items => {
  // Most scopes start no map: they share one empty list until they do.
  if ((scope.maps as readonly unknown[]) === noMaps) scope.maps = []
  scope.maps[source.slot] ??= { scopes: [], whole: false }
  return scope.maps[source.slot] as Items
}

/** Failed items are holes if their node says so; any other failure is the run's. */
export const isFatal = (node: PlanNode, row: StepRow): boolean =>
  row.status === 'failed' && (row.path.length === 0 || node.onItemError === 'fail')

export const applyRow = (scope: Scope, node: PlanNode, row: StepRow): void => {
  scope.rows[node.slot] = row
  if (node.starts) itemsOf(scope, node).whole = true
}

/** Adds items at their positions; those that are there already stay as they are. */
export const applyItems = (
  plan: Plan,
  scope: Scope,
  source: PlanNode,
  from: number,
  items: readonly Readonly<Record<string, unknown>>[],
): void => {
  const { scopes } = itemsOf(scope, source)
  for (let at = Math.max(0, scopes.length - from); at < items.length; at += 1) {
    scopes.push(scopeOf(plan, source.index, [...scope.path, from + at], scope, items[at]))
  }
}

/** The scope that holds the steps of `node` at `path`; undefined while the item is unknown. */
export const findScope = (root: Scope, plan: Plan, node: PlanNode, path: readonly number[]): Scope | undefined => {
  let scope: Scope | undefined = root
  for (const [depth, position] of path.entries()) {
    const source: PlanNode | undefined = plan.nodes[node.axis[depth] as number]
    scope = source && scope?.maps[source.slot]?.scopes[position]
  }
  return scope
}

/** The scope on the way up that holds a source's value. */
export const holderOf = (source: Source, scope: Scope): Scope => {
  let at = scope
  while (at.path.length > source.depth && at.parent) at = at.parent
  return at
}

export type JournalEntry = { step: StepRow } | { source: SourceChunk }

/** Re-makes the state of a run from its journal, in the order of `seq`. Entries of unknown nodes or items are refused. */
export const fold = (plan: Plan, entries: Iterable<JournalEntry>): RunState => {
  const state = emptyState(plan)
  for (const entry of entries) {
    const of = 'step' in entry ? entry.step : entry.source
    const node = plan.byId.get(of.node)
    const scope = node && findScope(state.root, plan, node, of.path)
    if (!node || !scope) throw new Error(`The journal names a step that the plan has not: ${of.node} [${of.path}].`)
    if ('step' in entry) {
      applyRow(scope, node, entry.step)
      if (isFatal(node, entry.step)) state.failure ??= entry.step.error ?? undefined
    } else applyItems(plan, scope, node, entry.source.from, entry.source.items)
    state.seq = Math.max(state.seq, of.seq)
  }
  return state
}

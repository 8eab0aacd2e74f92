import type { ActiveRun } from './active-run.ts'
import type { RunEvent } from './events.ts'
import type { Block, PlanNode } from './plan.ts'
import { countsOf } from './settle.ts'
import type { Scope } from './state.ts'

/** Milliseconds between two reports of one node. */
const pause = 100

/** Tells how far the nodes of a map are, at most 10 times a second each; always when the map has ended. */
export const tellProgress = (run: ActiveRun, nodes: readonly PlanNode[], ended: boolean, latest?: Scope): void => {
  if (!run.hub.listening()) return
  const now = run.parts.clock.now()
  for (const node of nodes) {
    const counts = countsOf(run, node)
    if (!ended && now - counts.told < pause) continue
    counts.told = now
    run.hub.hint(progressOf(run, node, ended, latest))
  }
}

export const progressOf = (run: ActiveRun, node: PlanNode, ended: boolean, latest?: Scope): RunEvent => {
  const { done, failed, skipped, startedAt, usage } = countsOf(run, node)
  const outputs = latest?.rows[node.slot]?.outputs
  return {
    type: 'map-progress',
    node: node.id,
    total: itemsAt(run.plan.nodes, node, run.state.root),
    done,
    failed,
    skipped,
    ended,
    ms: run.parts.clock.now() - startedAt,
    usage: { ...usage },
    ...(latest && outputs && { last: { path: latest.path, outputs } }),
  }
}

/** The items that are known so far of the maps a node runs over. */
const itemsAt = (nodes: readonly PlanNode[], node: PlanNode, scope: Scope): number => {
  const source = nodes[node.axis[scope.path.length] as number]
  if (!source) return 1
  const scopes = scope.maps[source.slot]?.scopes ?? []
  if (scope.path.length + 1 === node.axis.length) return scopes.length
  return scopes.reduce((sum, item) => sum + itemsAt(nodes, node, item), 0)
}

/** All nodes that run in a block, also in the maps inside it. */
export const nodesIn = (nodes: readonly PlanNode[], block: Block): PlanNode[] =>
  block.units.flatMap((unit) => (unit.block ? nodesIn(nodes, unit.block) : (nodes[unit.node] ?? [])))

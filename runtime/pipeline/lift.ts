import type { Catalogue } from '#nodes/define.ts'
import { parseConfigBySchema } from './config.ts'
import type { PipelineDocument } from './document.ts'
import { byType } from './lift/catalogue.ts'
import { cycles, topological } from './lift/order.ts'
import { resolveNode } from './lift/resolve.ts'
import type { Axes, LiftContext, Lifted, LiftProblem } from './lift/types.ts'
import { type Draft, draftNode, readWires } from './lift/wires.ts'

export { portsFit } from './lift/resolve.ts'
export type { Axes, Lifted, LiftedEdge, LiftedNode, LiftProblem } from './lift/types.ts'

/**
 * Joins a document with the catalogue: ports with their real kinds, the axes of maps, the order of execution. Never throws:
 * what it cannot make sense of is in `problems`, and `check` turns it into findings.
 */
export const lift = (document: PipelineDocument, catalogue: Catalogue, context: LiftContext = {}): Lifted => {
  const parseConfig = context.parseConfig ?? parseConfigBySchema
  const types = byType(catalogue)
  const drafts = new Map<string, Draft>()
  const unknown = new Set<string>()
  for (const [index, node] of document.nodes.entries()) {
    const entry = types.get(node.type)
    if (entry) drafts.set(node.id, draftNode(node, index, entry, parseConfig))
    else unknown.add(node.id)
  }
  const { edges, broken, loose } = readWires(document.edges, drafts, unknown)

  const all = [...drafts.values()]
  const place = new Map(all.map((draft, at) => [draft.id, at]))
  const next: number[][] = all.map(() => [])
  for (const { from, to } of edges) next[place.get(from.node) as number]?.push(place.get(to.node) as number)
  const { order, rest } = topological(next)

  const problems: LiftProblem[] = broken.map((one) => ({ problem: 'broken', ...one }))
  for (const nodes of cycles(next, rest))
    problems.push({ problem: 'cycle', nodes: nodes.map((node) => all[node]?.id as string) })

  const openedAxes = new Map<string, Axes>()
  /** The axes inside the map that a node opens: one array for all of its wires. */
  const opened = (id: string): Axes => {
    let axes = openedAxes.get(id)
    if (!axes) {
      axes = [...(drafts.get(id)?.axes ?? []), id]
      openedAxes.set(id, axes)
    }
    return axes
  }
  const unsure = new Set(rest.flatMap((at) => all[at]?.id ?? []))
  for (const at of [...order, ...rest]) {
    const draft = all[at]
    if (draft) problems.push(...resolveNode(draft, drafts, loose, unsure, opened))
  }
  return {
    nodes: drafts,
    order: order.flatMap((at) => (all[at] && !all[at].entry.annotation ? [all[at].id] : [])),
    edges,
    unknown: [...unknown],
    loose,
    problems,
  }
}

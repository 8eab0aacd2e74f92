import { type Change, diff } from '#runtime/pipeline/diff.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { splitRef } from '../document/rules.ts'

const named = (config: unknown, resource: string): boolean =>
  Object.values(config as Record<string, unknown>).includes(resource)

/** The nodes whose step would be another one after this change. */
const touched = (change: Change, drawn: PipelineDocument): string[] => {
  switch (change.change) {
    case 'node-added':
    case 'node-retyped':
    case 'config-changed':
      return [change.node]
    case 'node-changed':
      return ['pin', 'disabled', 'version'].includes(change.key) ? [change.node] : []
    case 'edge-added':
    case 'edge-removed':
      return [splitRef(change.edge.to).node]
    case 'edges-reordered':
      return [splitRef(change.to).node]
    case 'resource-added':
    case 'resource-removed':
    case 'resource-changed':
      return drawn.nodes.filter((node) => named(node.config, change.resource)).map((node) => node.id)
    default:
      return []
  }
}

const known = new WeakMap<PipelineDocument, { ran: PipelineDocument; nodes: ReadonlySet<string> }>()

/**
 * The nodes of `drawn` that a run of `ran` says nothing of any more: they were changed since, or what reaches them was.
 * Names, places and notes change no result. One answer per pair: each node on the canvas asks.
 */
export const outdatedNodes = (drawn: PipelineDocument, ran: PipelineDocument): ReadonlySet<string> => {
  const before = known.get(drawn)
  if (before?.ran === ran) return before.nodes
  const nodes = new Set(drawn === ran ? [] : diff(ran, drawn).flatMap((change) => touched(change, drawn)))
  if (nodes.size > 0) {
    const next = new Map<string, string[]>()
    for (const edge of drawn.edges) {
      const from = splitRef(edge.from).node
      next.set(from, [...(next.get(from) ?? []), splitRef(edge.to).node])
    }
    // A set takes what is added while it is walked.
    for (const node of nodes) for (const goal of next.get(node) ?? []) nodes.add(goal)
  }
  known.set(drawn, { ran, nodes })
  return nodes
}

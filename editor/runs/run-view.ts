import type { PipelineNode } from '#runtime/pipeline/document.ts'
import type { RunDetail } from '#server/api.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import type { LiveRun, NodeRun } from '../run-dock/live-run.ts'
import type { State } from '../ui/status-glyph.tsx'

/** What is looked at: a node, and of a mapped one an item. */
export type Selection = { node: string; path?: readonly number[] }

export type NodeRow = { node: PipelineNode; run: NodeRun | undefined; state: State }

const stateOf = (node: PipelineNode, run: NodeRun | undefined, runStatus: LiveRun['status']): State => {
  const goesOn = runStatus === 'running' || runStatus === 'queued' || runStatus === 'waiting'
  if (node.disabled) return 'disabled'
  if (!run) return goesOn ? 'queued' : 'skipped'
  if (run.cached && run.status === 'succeeded') return 'cached'
  if (!run.ended && !goesOn) return 'cancelled'
  return run.status
}

/** One row per node, in the order in which they began; what never began stands last, as in the document. */
export const rowsOf = (detail: RunDetail, run: LiveRun, catalogue: CatalogueMap): NodeRow[] => {
  const began = (node: PipelineNode) => run.nodes[node.id]?.startedAt ?? Number.POSITIVE_INFINITY
  return detail.document.nodes
    .filter((node) => !catalogue.get(node.type)?.annotation)
    .map((node) => ({ node, run: run.nodes[node.id], state: stateOf(node, run.nodes[node.id], run.status) }))
    .sort((a, b) => (began(a.node) < began(b.node) ? -1 : began(a.node) > began(b.node) ? 1 : 0))
}

/** The mapped node whose items are drawn below the axis: the chosen one, else the one that took longest. */
export const mappedNode = (rows: readonly NodeRow[], selection: Selection | undefined): NodeRow | undefined => {
  const mapped = rows.filter((row) => row.run?.items && row.run.ended)
  const chosen = mapped.find((row) => row.node.id === selection?.node)
  return chosen ?? mapped.toSorted((a, b) => (b.run?.ms ?? 0) - (a.run?.ms ?? 0))[0]
}

/** What to look at first: what failed, else the run's result, else the last node that put something out. */
export const firstSelection = (rows: readonly NodeRow[], catalogue: CatalogueMap): Selection | undefined => {
  const failed = rows.find((row) => row.state === 'failed')
  const result = rows.find((row) => row.run?.ended && catalogue.get(row.node.type)?.boundary === 'end')
  const told = rows.findLast((row) => row.run?.outputs && Object.keys(row.run.outputs).length > 0)
  const row = failed ?? result ?? told ?? rows[0]
  return row && { node: row.node.id }
}

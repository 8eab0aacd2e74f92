import type { LiveRun } from './live-run.ts'

/** Progress in items where the run maps over some, else in nodes. */
export const overallProgress = (run: LiveRun, nodes: number): { done: number; failed: number; of: number } => {
  const all = Object.values(run.nodes)
  const mapped = all.filter((node) => node.items?.total)
  const longest = Math.max(0, ...mapped.map((node) => node.items?.total ?? 0))
  const ended = all.filter((node) => node.ended)
  const failed = all.filter((node) => node.ended && node.status === 'failed').length
  if (longest <= 1) return { done: ended.length - failed, failed, of: Math.max(nodes, all.length) }
  // Every item is done when it has passed the slowest of the mapped nodes.
  const same = mapped.filter((node) => node.items?.total === longest)
  const passed = Math.min(...same.map((node) => (node.items?.done ?? 0) + (node.items?.skipped ?? 0)))
  const lost = Math.max(0, ...same.map((node) => node.items?.failed ?? 0))
  return { done: Math.min(passed, longest - lost), failed: lost, of: longest }
}

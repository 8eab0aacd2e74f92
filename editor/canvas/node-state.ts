import type { Finding, PipelineNode } from '#runtime/pipeline/document.ts'
import type { LiveRun, NodeRun } from '../run-dock/live-run.ts'
import type { State } from '../ui/status-glyph.tsx'

type Seen = {
  node: Pick<PipelineNode, 'disabled'>
  findings: readonly Finding[]
  run: NodeRun | undefined
  runStatus: LiveRun['status'] | undefined
  /** The run says nothing of it any more: it was changed since. */
  outdated?: boolean
}

/** The one state that a node shows: off beats all, then what the run says, then what is missing. */
export const nodeState = ({ node, findings, run, runStatus, outdated = false }: Seen): State => {
  if (node.disabled) return 'disabled'
  const isActive = runStatus === 'running' || runStatus === 'queued' || runStatus === 'waiting'
  const isInvalid = findings.some((finding) => finding.level === 'error')
  if (isInvalid && !isActive) return 'invalid'
  if (outdated && !isActive) return 'idle'
  if (run) {
    if (run.status === 'succeeded' && run.cached) return 'cached'
    if (!run.ended && !isActive) return runStatus === 'cancelled' ? 'cancelled' : 'idle'
    return run.status
  }
  if (isActive) return 'queued'
  // A run that broke off never reached it.
  return runStatus === 'failed' || runStatus === 'cancelled' ? 'skipped' : 'idle'
}

/** How far a node is, from 0 to 1; undefined while nobody can say. */
export const nodeProgress = (run: NodeRun): { done?: number; failed?: number } => {
  const { items } = run
  if (items?.total) return { done: (items.done + items.skipped) / items.total, failed: items.failed / items.total }
  return run.fraction === undefined ? {} : { done: run.fraction }
}

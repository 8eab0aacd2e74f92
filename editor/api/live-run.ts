import type { Usage } from '#nodes/define.ts'
import type { RunError, RunEvent, RunStatus } from '#runtime/engine/events.ts'

/** What is known of one node of a run while it goes on. Times are Unix milliseconds. */
export type LiveNode = {
  state: 'running' | 'streaming' | 'succeeded' | 'cached' | 'failed' | 'skipped'
  startedAt?: number
  endedAt?: number
  ms?: number
  attempt?: number
  /** 0 to 1, as the node itself reports it. */
  progress?: { fraction: number; note?: string }
  /** Text so far, by streaming output port. */
  text?: Readonly<Record<string, string>>
  outputs?: Readonly<Record<string, unknown>>
  error?: RunError
  usage?: Usage
  skipped?: 'branch' | 'disabled' | 'upstream'
  /** A mapped node's items. `last` is the newest one finished. */
  items?: {
    total?: number
    done: number
    failed: number
    skipped: number
    last?: { path: readonly number[]; outputs: Readonly<Record<string, unknown>> }
  }
  retryAt?: number
}

export type LiveRun = {
  status: RunStatus
  startedAt?: number
  endedAt?: number
  nodes: Readonly<Record<string, LiveNode>>
  output?: Readonly<Record<string, unknown>>
  error?: RunError
  usage?: Usage
}

export const emptyRun: LiveRun = { status: 'queued', nodes: {} }

type StepEvent = Extract<RunEvent, { node: string }>

const foldNode = (node: LiveNode | undefined, event: StepEvent): LiveNode | undefined => {
  // Single items of a mapped node are told by map-progress, but for the text of the one being written.
  const isItem = 'path' in event && event.path !== undefined && event.path.length > 0
  switch (event.type) {
    case 'step-start':
      if (isItem) return { ...node, state: 'running', startedAt: node?.startedAt ?? event.at }
      return { state: 'running', startedAt: event.at, attempt: event.attempt }
    case 'step-delta': {
      const text = node?.text ?? {}
      return { ...node, state: 'streaming', text: { ...text, [event.port]: (text[event.port] ?? '') + event.delta } }
    }
    case 'step-progress':
      return {
        state: 'running',
        ...node,
        progress: { fraction: event.fraction, ...(event.note && { note: event.note }) },
      }
    case 'step-restart': {
      const { text: _void, progress: _gone, ...rest } = node ?? {}
      return { ...rest, state: 'running', attempt: event.attempt, error: event.error, retryAt: event.retryAt }
    }
    case 'step-end': {
      if (isItem) return node && { ...node, text: {} }
      const { startedAt = event.at - event.ms, items } = node ?? {}
      return {
        state: event.cached ? 'cached' : 'succeeded',
        startedAt,
        endedAt: event.at,
        ms: event.ms,
        attempt: event.attempt,
        outputs: event.outputs,
        ...(event.usage && { usage: event.usage }),
        ...(items && { items }),
      }
    }
    case 'step-skip':
      return isItem ? node : { state: 'skipped', skipped: event.reason }
    case 'step-fail':
      if (isItem) return node && { ...node, error: event.error }
      return { ...node, state: 'failed', endedAt: event.at, ms: event.ms, attempt: event.attempt, error: event.error }
    case 'map-progress': {
      const { total, done, failed, skipped, ended, ms, usage, last } = event
      const items = { done, failed, skipped, ...(total !== undefined && { total }), ...(last && { last }) }
      const state = !ended
        ? node?.state === 'streaming'
          ? 'streaming'
          : 'running'
        : failed && !done
          ? 'failed'
          : 'succeeded'
      return { ...node, state, items, ms, ...(usage && { usage }) }
    }
  }
}

/** The state of a run after one more event. Pure; events of a lost connection may come twice. */
export const foldRun = (run: LiveRun, event: RunEvent): LiveRun => {
  if (event.type === 'run-start') return { ...run, status: 'running', startedAt: event.at }
  if (event.type === 'run-end') {
    const { at, status, output, error, usage } = event
    return { ...run, status, endedAt: at, usage, ...(output && { output }), ...(error && { error }) }
  }
  const node = foldNode(run.nodes[event.node], event)
  return node
    ? { ...run, status: run.status === 'queued' ? 'running' : run.status, nodes: { ...run.nodes, [event.node]: node } }
    : run
}

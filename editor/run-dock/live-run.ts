import type { Usage } from '#nodes/define.ts'
import type { RunError, RunEvent, RunStatus } from '#runtime/engine/events.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { RunDetail } from '#server/api.ts'

export type Items = { total?: number; done: number; failed: number; skipped: number }

/** What is known of one node within a run. Times are Unix milliseconds. */
export type NodeRun = {
  status: 'running' | 'streaming' | 'succeeded' | 'failed' | 'skipped'
  /** Taken from an earlier run. */
  cached?: true
  pinned?: true
  startedAt?: number
  /** Length so far, or in all once the node ended. */
  ms?: number
  ended?: true
  attempt?: number
  retryAt?: number
  fraction?: number
  note?: string
  /** What a long step measures, such as loss, and its loss so far: the newest `trailLength` of it. */
  metrics?: Readonly<Record<string, number>>
  loss?: readonly number[]
  /** Unix milliseconds: when it should be done. */
  doneAt?: number
  /** Text that arrives, by port; of the newest item where the node is mapped. */
  streamed?: Record<string, string>
  path?: readonly number[]
  outputs?: Record<string, unknown>
  error?: RunError
  usage?: Usage
  items?: Items
  skipReason?: 'branch' | 'disabled' | 'upstream'
}

/** A run as the canvas draws it: folded from its events. */
export type LiveRun = {
  id: string
  status: RunStatus
  startedAt?: number
  endedAt?: number
  input?: Record<string, unknown>
  output?: Record<string, unknown>
  error?: RunError
  usage: Usage
  /** What was run: what is drawn may have been edited since. */
  document?: PipelineDocument
  /** In the order in which nodes began. */
  nodes: Readonly<Record<string, NodeRun>>
}

export const startedRun = (id: string, input: Record<string, unknown>, document?: PipelineDocument): LiveRun => ({
  id,
  status: 'queued',
  input,
  ...(document && { document }),
  usage: { inputTokens: 0, outputTokens: 0 },
  nodes: {},
})

const samePath = (a: readonly number[] | undefined, b: readonly number[] | undefined) =>
  (a ?? []).join() === (b ?? []).join()
const sum = (a: Usage, b: Usage | undefined): Usage => ({
  inputTokens: a.inputTokens + (b?.inputTokens ?? 0),
  outputTokens: a.outputTokens + (b?.outputTokens ?? 0),
})

const put = (run: LiveRun, node: string, change: (known: NodeRun) => NodeRun): LiveRun => ({
  ...run,
  nodes: { ...run.nodes, [node]: change(run.nodes[node] ?? { status: 'running' }) },
})

/** One step of an item within a mapped node: only what is being written shows; counts come from `map-progress`. */
const foldItem = (run: LiveRun, event: Extract<RunEvent, { path?: readonly number[] }>): LiveRun => {
  if (event.type === 'step-start')
    return put(run, event.node, (known) => ({
      startedAt: event.at,
      ...known,
      items: known.items ?? { done: 0, failed: 0, skipped: 0 },
    }))
  if (event.type === 'step-delta') return put(run, event.node, (known) => withDelta(known, event))
  if (event.type === 'step-fail')
    return put(run, event.node, (known) => ({ ...known, error: known.error ?? event.error }))
  return run
}

const withDelta = (known: NodeRun, event: Extract<RunEvent, { type: 'step-delta' }>): NodeRun => {
  if (known.ended) return known
  // Of many items in flight one is shown until another writes while it is silent: the newest start wins.
  const goes = samePath(known.path, event.path) && known.streamed !== undefined
  const before = goes ? (known.streamed?.[event.port] ?? '') : ''
  return {
    ...known,
    status: 'streaming',
    ...(event.path && { path: event.path }),
    streamed: { ...(goes && known.streamed), [event.port]: before + event.delta },
  }
}

const fresh = (known: NodeRun): NodeRun => {
  const { streamed: _, retryAt: __, error: ___, ...rest } = withoutProgress(known)
  return rest
}

const withoutProgress = (known: NodeRun): NodeRun => {
  const { fraction: _, note: __, metrics: ___, loss: ____, doneAt: _____, ...rest } = known
  return rest
}

const trailLength = 120

/** Each report stands for itself, so what an earlier one said and this one does not is over; only the loss is a history. */
const withProgress = (
  known: NodeRun,
  { fraction, note, metrics, secondsLeft }: Extract<RunEvent, { type: 'step-progress' }>,
  now: number,
): NodeRun => {
  const loss = metrics?.['loss']
  return {
    ...withoutProgress(known),
    fraction,
    ...(note !== undefined && { note }),
    ...(metrics && { metrics }),
    ...(secondsLeft !== undefined && { doneAt: now + secondsLeft * 1_000 }),
    ...(loss === undefined
      ? known.loss && { loss: known.loss }
      : { loss: [...(known.loss ?? []), loss].slice(-trailLength) }),
  }
}

const foldStep = (run: LiveRun, event: RunEvent, now: number): LiveRun => {
  switch (event.type) {
    case 'step-start':
      return put(run, event.node, (known) => ({
        ...fresh(known),
        status: 'running',
        startedAt: known.startedAt ?? event.at,
        attempt: event.attempt,
      }))
    case 'step-delta':
      return put(run, event.node, (known) => withDelta(known, event))
    case 'step-progress':
      return put(run, event.node, (known) => withProgress(known, event, now))
    case 'step-restart':
      return put(run, event.node, (known) => ({
        ...fresh(known),
        status: 'running',
        error: event.error,
        retryAt: event.retryAt,
        attempt: event.attempt,
      }))
    case 'step-end':
      return {
        ...put(run, event.node, (known) => ({
          ...fresh(known),
          status: 'succeeded',
          ended: true,
          startedAt: known.startedAt ?? event.at - event.ms,
          ms: event.ms,
          attempt: event.attempt,
          outputs: event.outputs,
          ...(event.usage && { usage: event.usage }),
          ...(event.cached && { cached: true as const }),
          ...(event.pinned && { pinned: true as const }),
        })),
        usage: sum(run.usage, event.usage),
      }
    case 'step-skip':
      return put(run, event.node, () => ({ status: 'skipped', ended: true, skipReason: event.reason }))
    case 'step-fail':
      return put(run, event.node, (known) => ({
        ...fresh(known),
        status: 'failed',
        ended: true,
        startedAt: known.startedAt ?? event.at - event.ms,
        ms: event.ms,
        attempt: event.attempt,
        error: event.error,
      }))
    default:
      return run
  }
}

const foldMap = (run: LiveRun, event: Extract<RunEvent, { type: 'map-progress' }>, now: number): LiveRun => {
  const before = run.nodes[event.node]?.usage
  const next = put(run, event.node, (known) => {
    const items: Items = {
      done: event.done,
      failed: event.failed,
      skipped: event.skipped,
      ...(event.total !== undefined && { total: event.total }),
    }
    const failed = event.ended && event.failed > 0 && event.failed === event.done + event.failed + event.skipped
    const { streamed, path, ...rest } = known
    return {
      ...rest,
      ...(!event.ended && streamed && { streamed }),
      ...(!event.ended && path && { path }),
      status: event.ended ? (failed || known.status === 'failed' ? 'failed' : 'succeeded') : known.status,
      ...(event.ended && { ended: true as const }),
      items,
      // Counts tell how long it has been, not since when; it is kept from the first of them.
      startedAt: known.startedAt ?? now - event.ms,
      ms: event.ms,
      ...(event.usage && { usage: event.usage }),
      ...(event.last && { outputs: event.last.outputs, ...(event.ended && { path: event.last.path }) }),
    }
  })
  if (!event.usage) return next
  return {
    ...next,
    usage: {
      inputTokens: run.usage.inputTokens + event.usage.inputTokens - (before?.inputTokens ?? 0),
      outputTokens: run.usage.outputTokens + event.usage.outputTokens - (before?.outputTokens ?? 0),
    },
  }
}

/** Takes one event into the picture of a run. The same events at the same times make the same picture. */
export const foldEvent = (run: LiveRun, event: RunEvent, now: number = Date.now()): LiveRun => {
  switch (event.type) {
    case 'run-start':
      return { ...run, status: 'running', startedAt: event.at, input: event.input }
    case 'run-end':
      return {
        ...run,
        status: event.status,
        endedAt: event.at,
        usage: event.usage,
        ...(event.output && { output: event.output }),
        ...(event.error && { error: event.error }),
        nodes: Object.fromEntries(
          // What still runs when a run is stopped did not end by itself.
          Object.entries(run.nodes).filter(([, node]) => node.ended || event.status !== 'cancelled'),
        ),
      }
    case 'map-progress':
      return foldMap(run, event, now)
    default:
      return event.path && event.path.length > 0 ? foldItem(run, event) : foldStep(run, event, now)
  }
}

const time = (iso: string | null): number | undefined => (iso === null ? undefined : Date.parse(iso))

const markOf = (mark: RunDetail['nodes'][number]['mark']): Pick<NodeRun, 'cached' | 'pinned' | 'skipReason'> => {
  if (mark === null) return {}
  if (mark === 'cached' || mark === 'pinned') return { [mark]: true }
  return { skipReason: mark }
}

/** The picture of a run that is read from the server, not followed. */
export const runFromDetail = (detail: RunDetail): LiveRun => {
  const startedAt = time(detail.startedAt)
  const endedAt = time(detail.endedAt)
  const nodes = detail.nodes.map((node): [string, NodeRun] => {
    const began = time(node.startedAt)
    return [
      node.node,
      {
        status: node.status,
        ...(began !== undefined && { startedAt: began }),
        ...(node.status !== 'running' && { ended: true as const, ms: node.ms }),
        ...(node.outputs && { outputs: node.outputs }),
        ...(node.error && { error: node.error }),
        ...(node.usage && { usage: node.usage }),
        ...markOf(node.mark),
        ...(node.items && {
          items: {
            total: node.items.total,
            failed: node.items.failed,
            skipped: node.items.skipped,
            done: node.status === 'running' ? 0 : node.items.total - node.items.failed - node.items.skipped,
          },
        }),
      },
    ]
  })
  return {
    id: detail.id,
    status: detail.status,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    input: detail.input,
    ...(detail.output && { output: detail.output }),
    ...(detail.error && { error: detail.error }),
    usage: detail.usage,
    document: detail.document,
    nodes: Object.fromEntries(nodes),
  }
}

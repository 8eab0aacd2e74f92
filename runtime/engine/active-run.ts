import { setMaxListeners } from 'node:events'
import type { NodeContext, Usage } from '#nodes/define.ts'
import type { Journal, RunEnd } from '../store/journal.ts'
import type { Clock } from './clock.ts'
import type { EngineDependencies } from './engine.ts'
import type { EndStatus, RunError } from './events.ts'
import type { Gate } from './gate.ts'
import type { Hub } from './hub.ts'
import type { Memo } from './memo.ts'
import type { Plan } from './plan.ts'
import { resourceOf } from './resources.ts'
import type { StartRequest } from './run.ts'
import type { RunState } from './state.ts'
import type { Streams } from './streams.ts'

/** What all runs of a process share. */
export type Parts = Pick<EngineDependencies, 'artifacts' | 'secret' | 'endpoint' | 'outside'> & {
  journal: Journal
  clock: Clock
  /** In [0, 1). */
  random: () => number
  memo: Memo
  /** Something to wait for when others may hold this process for dead: until then it starts no step. */
  lease: () => Promise<void> | undefined
  log: NonNullable<EngineDependencies['log']>
  /** Told once of each run that stops, with `end` set unless this process lost it. */
  stopped: (run: ActiveRun) => void
}

/** The epoch of a run under the process that accepted it; every take-over raises it. */
export const firstEpoch = 1

/** How many items of a mapped node have settled, and what they used. */
export type Counts = { done: number; failed: number; skipped: number; startedAt: number; usage: Usage; told: number }

/** A run that this process owns and executes in memory. */
export type ActiveRun = {
  readonly id: string
  readonly epoch: number
  readonly request: StartRequest
  readonly plan: Plan
  readonly parts: Parts
  /** What every step of the run is given alike, made once: a map of a million items makes a million contexts. */
  readonly tools: Pick<NodeContext<unknown, unknown, string>, 'resource' | 'artifacts'>
  readonly state: RunState
  readonly createdAt: number
  readonly startedAt: number
  readonly usage: Usage
  /** Reaches every step in flight; made for the first that asks. */
  controller: AbortController | undefined
  /** By node: bounds the items in flight. */
  readonly gates: Map<number, Gate>
  readonly counts: Map<number, Counts>
  readonly hub: Hub
  /** Steps in flight that may be streaming, for those who begin to listen in the middle. */
  readonly streams: Streams
  /** Counts up per workspace; known once the start is durable. */
  number: number | undefined
  /** Its start is in the database: before that, it would be taken for one that was lost. */
  stored: boolean
  /** Attempts in flight. */
  busy: number
  /** Nothing starts any more: it ended, or this process lost it. */
  stopped: boolean
  /** Set when it ended, before that is durable. */
  end: RunEnd | undefined
}

export const createActiveRun = (
  parts: Parts,
  of: Pick<ActiveRun, 'id' | 'epoch' | 'request' | 'plan' | 'state' | 'createdAt' | 'startedAt' | 'hub' | 'streams'> & {
    usage?: Usage
  },
): ActiveRun => ({
  ...of,
  parts,
  tools: {
    resource: (name) => resourceOf(parts.artifacts, of.request, name),
    artifacts: { read: ({ sha256 }) => parts.artifacts.read(sha256), write: parts.artifacts.write },
  },
  usage: { inputTokens: of.usage?.inputTokens ?? 0, outputTokens: of.usage?.outputTokens ?? 0 },
  controller: undefined,
  gates: new Map(),
  counts: new Map(),
  number: undefined,
  stored: of.epoch > firstEpoch,
  busy: 0,
  stopped: false,
  end: undefined,
})

/** Ends a run: what is in flight is abandoned, nothing more is recorded. The first end counts. */
export const endRun = (
  run: ActiveRun,
  status: EndStatus,
  result: { output?: Record<string, unknown>; error?: RunError } = {},
): void => {
  if (run.stopped) return
  run.end = {
    status,
    output: result.output ?? null,
    error: result.error ?? null,
    usage: { ...run.usage },
    at: run.parts.clock.now(),
    seq: ++run.state.seq,
  }
  run.parts.journal.end(run.id, run.epoch, run.end)
  dropRun(run)
}

/** Aborts when the run stops. */
export const signalOf = (run: ActiveRun): AbortSignal => {
  if (!run.controller) {
    run.controller = new AbortController()
    // One listener per step in flight is no leak.
    setMaxListeners(0, run.controller.signal)
    if (run.stopped) run.controller.abort(reasonOf(run))
  }
  return run.controller.signal
}

/** Why steps are aborted when their run has ended, and not merely left this process. */
export const runEnded = new DOMException('The run has ended.', 'AbortError')
const reasonOf = ({ end }: ActiveRun): DOMException | undefined => end && runEnded

/** Lets go of a run that others own by now, or that has ended. */
export const dropRun = (run: ActiveRun): void => {
  if (run.stopped) return
  run.stopped = true
  run.controller?.abort(reasonOf(run))
  run.parts.stopped(run)
}

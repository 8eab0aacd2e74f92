import type { Usage } from '#nodes/define.ts'
import type { EndStatus, RunError } from '../engine/events.ts'
import type { StartRequest } from '../engine/run.ts'

/**
 * A run that begins, before its first step. `id` is a UUIDv7 made by the caller. A `queued` one has no owner until a
 * process claims it, highest `priority` (default 0) first.
 */
export type RunStart = { id: string; request: StartRequest; at: number; queued?: true; priority?: number }

/** How a step came about, if not by running: for the events that are told again from the journal. */
export type StepMark = 'cached' | 'pinned' | 'branch' | 'disabled' | 'upstream'

/** The result of one step: of a plain node (`path` empty) or of one item of a mapped node. Immutable once durable. */
export type StepRow = {
  node: string
  path: readonly number[]
  status: 'succeeded' | 'failed' | 'skipped'
  attempt: number
  /** Unix milliseconds; null for skipped steps. */
  startedAt: number | null
  ms: number
  outputs: Record<string, unknown> | null
  error: RunError | null
  usage: Usage | null
  mark?: StepMark
  /** Position in the run's journal, from 1, given by the owner: what Last-Event-ID names. */
  seq: number
}

/** The items that a source of a map made, journaled in chunks before any of them is dispatched. */
export type SourceChunk = {
  node: string
  path: readonly number[]
  from: number
  items: readonly Record<string, unknown>[]
  last: boolean
  seq: number
}

export type RunEnd = {
  status: EndStatus
  output: Record<string, unknown> | null
  error: RunError | null
  usage: Usage
  at: number
  seq: number
}

export type Refusal = 'fenced' | 'lost-run' | 'conflict' | 'bad-data'

/**
 * Collects what happens to runs in this process and writes it in one statement per tick. Rows of a run enter a flush only
 * after the run's previous flush is acknowledged, so its journal has no gaps. Calls return at once; `durable` waits.
 */
export type Journal = {
  /**
   * `number` is left out where it is not known without asking. A key that was used before answers with that run's id (epoch 0), and nothing of the new run is written. Rejects with
   * RuntimeRefusal: `idempotency-conflict`, `queue-full`, `bad-input`, `stopping`, `fenced`, and `database-down` after 2 s.
   */
  start: (run: RunStart) => Promise<{ id: string; epoch: number; repeated: boolean; number?: number }>
  step: (run: string, epoch: number, row: StepRow) => void
  source: (run: string, epoch: number, chunk: SourceChunk) => void
  end: (run: string, epoch: number, end: RunEnd) => void
  /** Resolves when all that was given for the run so far is on disk; rejects when the run was refused, or the journal closed before. */
  durable: (run: string) => Promise<void>
  /** Whether rows of the run are on their way, or it is about to be handed back: it is no stray, though nobody executes it. */
  holds: (run: string) => boolean
  /**
   * Told once per run whose rows the database would not take; the process must drop the run. A run with `bad-data` is
   * ended as failed by the journal itself.
   */
  onRefused: (told: (run: string, why: Refusal) => void) => void
  /** Waits for what is under way, not long if the database is away; what is unwritten then is given up, and its waiters are told. */
  close: () => Promise<void>
}

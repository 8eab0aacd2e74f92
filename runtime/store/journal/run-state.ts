import type { Refusal, RunEnd, RunStart, SourceChunk, StepRow } from '../journal.ts'
import type { Snapshot } from './snapshots.ts'

export type Started = { id: string; epoch: number; repeated: boolean; number?: number }

/** A start that waits for its acknowledgement. */
export type Opening = {
  start: RunStart
  snapshot: Snapshot
  since: number
  /** Its caller was told `database-down`; if it turns out to be written, the run is ended, or queued if it has a key. */
  withdrawn: boolean
  resolve: (started: Started) => void
  reject: (error: Error) => void
}

type Row =
  | { kind: 'start'; opening: Opening }
  | { kind: 'step'; row: StepRow }
  | { kind: 'source'; chunk: SourceChunk }
  | { kind: 'end'; end: RunEnd }
/**
 * A row on its way to the database. `value` is its outputs, items, input or output as JSON text, null for none, and
 * undefined while a large one is still being put into the artifact store. `artifacts` are those that it needs.
 */
export type Entry = Row & { value: string | null | undefined; artifacts: readonly string[] }

export type RunState = {
  id: string
  epoch: number
  /** Unknown for a run that was claimed: the flush then reads it from the run's row. */
  workspace: string | undefined
  pending: Entry[]
  inFlight: boolean
  /** Rows given and rows acknowledged, ever. */
  given: number
  taken: number
  lastSeq: number
  waiters: { upto: number; resolve: () => void; reject: (error: Error) => void }[]
  refused: Refusal | undefined
}

export const newRunState = (id: string, epoch: number, workspace: string | undefined): RunState => ({
  id,
  epoch,
  workspace,
  pending: [],
  inFlight: false,
  given: 0,
  taken: 0,
  lastSeq: 0,
  waiters: [],
  refused: undefined,
})

/** How many rows at the head of the queue can be sent now. */
export const readyRows = (state: RunState, most: number): number => {
  let count = 0
  while (count < most && state.pending[count] && state.pending[count]?.value !== undefined) count++
  return count
}

/** Lets those go on that waited for rows which are acknowledged now. */
export const settleWaiters = (state: RunState): void => {
  while (state.waiters[0] && state.waiters[0].upto <= state.taken) state.waiters.shift()?.resolve()
}

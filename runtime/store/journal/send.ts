import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../database.ts'
import { DatabaseError, isAboutValues } from '../database-error.ts'
import { type Batch, parametersOf } from './batch.ts'
import type { Snapshots } from './snapshots.ts'

/** What `journal_flush` says when not everything was taken. */
export type Answer = {
  fenced?: true
  repeated: { r: string; to: string; same: boolean }[]
  full: string[]
  numbers: Record<string, number> | null
  refused: { r: string; why: 'lost-run' | 'conflict' }[]
}

export type Sending = {
  database: Database
  process: { id: string; epoch: number }
  snapshots: Snapshots
  /** The database does not answer (`error`), or does again. */
  onHealth: (error: unknown) => void
  /** No more resending: the journal is closed. */
  given: () => boolean
  /** The batch is on disk, but for what the answer names (null: nothing). */
  onWritten: (batch: Batch, answer: Answer | null) => void
  /** The rows of this one run cannot be stored. */
  onBad: (batch: Batch, error: unknown) => void
}

/** Arrays travel as text too: both drivers then send it as it is. */
const statement = `select journal_flush($1::text::uuid, $2::int, $3::text, $4::text, $5::text, $6::int,
  $7::text::uuid[], $8::text::int[], $9::text::text[],
  $10::text::int[], $11::text::text[], $12::text::text[], $13::text::text[], $14::text::int2[], $15::text::float8[],
  $16::text::float8[], $17::text::int[], $18::text, $19::text::text[], $20::text::text[], $21::text::text[],
  $22::text, $23::int, $24::text, $25::int, $26::text) as answer`

const flush = async (sending: Sending, batch: Batch): Promise<Answer | null> => {
  const { id, epoch } = sending.process
  const rows = await sending.database.query<{ answer: string | null }>(statement, [
    id,
    epoch,
    ...parametersOf(batch, sending.snapshots),
  ])
  const [row] = rows
  // The function always answers with a row; without one, nobody knows what became of the flush.
  if (!row) throw new DatabaseError('connection-lost', 'The database gave no answer to a flush.')
  return row.answer === null ? null : JSON.parse(row.answer)
}

/** Doubles from 50 ms to 1 s, with jitter so that processes do not come back in step. */
const pause = (attempt: number): Promise<void> => sleep(Math.min(1_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2))

/**
 * Brings a batch to the database: again and again while the database takes nothing (the flush may be carried out twice), and
 * in halves when it holds something that the database will not take, until the offending run stands alone.
 */
export const send = async (sending: Sending, batch: Batch): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await flush(sending, batch)
      sending.onHealth(undefined)
      return sending.onWritten(batch, answer)
    } catch (error) {
      if (isAboutValues(error)) {
        sending.onHealth(undefined)
        if (batch.length === 1) return sending.onBad(batch, error)
        const middle = batch.length >> 1
        await send(sending, batch.slice(0, middle))
        return send(sending, batch.slice(middle))
      }
      sending.onHealth(error)
      if (sending.given()) return
      await pause(attempt)
    }
  }
}

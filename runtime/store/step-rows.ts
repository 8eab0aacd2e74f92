import type { Artifacts } from './artifacts.ts'
import type { Query } from './database.ts'
import { unpackItems, unpackValues } from './journal/values.ts'
import type { SourceChunk, StepMark, StepRow } from './journal.ts'
import { readJsonText } from './json-text.ts'

type Row = {
  node: string
  path: number[]
  status: StepRow['status']
  attempt: number
  started: Date | null
  ms: number
  outputs: string | null
  error: string | null
  usage: StepRow['usage']
  mark: StepMark | null
  seq: number
}

const columns = `node, path, status, attempt, started_at as started, ms, outputs::text as outputs, error::text as error, usage, mark, seq`

const toStepRow = async (row: Row, artifacts: Artifacts): Promise<StepRow> => ({
  node: row.node,
  path: row.path,
  status: row.status,
  attempt: row.attempt,
  startedAt: row.started?.getTime() ?? null,
  ms: row.ms,
  outputs: row.outputs === null ? null : await unpackValues(row.outputs, artifacts),
  error: row.error === null ? null : readJsonText(row.error),
  usage: row.usage,
  ...(row.mark !== null && { mark: row.mark }),
  seq: row.seq,
})

/** A run's step rows after `after`, in journal order; without a limit, all of them. */
export const readStepRows = async (
  query: Query,
  run: string,
  artifacts: Artifacts,
  after = 0,
  limit: number | null = null,
): Promise<StepRow[]> => {
  const rows = await query<Row>(
    `select ${columns} from run_step where run_id = $1::text::uuid and seq > $2::int order by seq limit $3::int`,
    [run, after, limit],
  )
  return Promise.all(rows.map((row) => toStepRow(row, artifacts)))
}

/** A run's rows after `after`, in journal order, without those of items. */
export const readPlainRows = async (
  query: Query,
  run: string,
  artifacts: Artifacts,
  after: number,
): Promise<StepRow[]> => {
  const rows = await query<Row>(
    `select ${columns} from run_step where run_id = $1::text::uuid and path = '{}' and seq > $2::int order by seq`,
    [run, after],
  )
  return Promise.all(rows.map((row) => toStepRow(row, artifacts)))
}

/** One node's step rows by item position, after `after`. */
export const readNodeRows = async (
  query: Query,
  run: string,
  node: string,
  artifacts: Artifacts,
  after: readonly number[] | null,
  limit: number,
): Promise<StepRow[]> => {
  const rows = await query<Row>(
    `select ${columns} from run_step
     where run_id = $1::text::uuid and node = $2 and ($3::text::int[] is null or path > $3::text::int[])
     order by path limit $4::int`,
    [run, node, after === null ? null : `{${after.join(',')}}`, limit],
  )
  return Promise.all(rows.map((row) => toStepRow(row, artifacts)))
}

/** A run's source chunks, in journal order. */
export const readSourceRows = async (query: Query, run: string, artifacts: Artifacts): Promise<SourceChunk[]> => {
  const rows = await query<{ node: string; path: number[]; first: number; items: string; last: boolean; seq: number }>(
    `select node, path, first, items::text as items, last, seq from run_source where run_id = $1::text::uuid order by seq`,
    [run],
  )
  return Promise.all(
    rows.map(async ({ node, path, first, items, last, seq }) => ({
      node,
      path,
      from: first,
      items: await unpackItems(items, artifacts),
      last,
      seq,
    })),
  )
}

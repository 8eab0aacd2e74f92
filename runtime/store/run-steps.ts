import type { Usage } from '#nodes/define.ts'
import type { RunError } from '../engine/events.ts'
import type { Artifacts } from './artifacts.ts'
import type { Query } from './database.ts'
import { unpackValues } from './journal/values.ts'
import type { StepMark, StepRow } from './journal.ts'
import { readJsonText } from './json-text.ts'
import { readNodeRows, readStepRows } from './step-rows.ts'

/** A step as the API shows it. Times are ISO 8601, UTC; null for skipped steps. */
export type StepRecord = Omit<StepRow, 'startedAt' | 'path' | 'seq' | 'mark'> & {
  path: number[]
  startedAt: string | null
  endedAt: string | null
}

const toRecord = ({ seq: _, mark: __, ...row }: StepRow): StepRecord => ({
  ...row,
  path: [...row.path],
  startedAt: row.startedAt === null ? null : new Date(row.startedAt).toISOString(),
  endedAt: row.startedAt === null ? null : new Date(row.startedAt + row.ms).toISOString(),
})

/** Steps of a run in journal order or, with `node`, of one node by item position, in pages. */
export const readSteps = async (
  query: Query,
  artifacts: Artifacts,
  run: string,
  { node, cursor, limit = 100 }: { node?: string; cursor?: string; limit?: number },
): Promise<{ items: StepRecord[]; next: string | null }> => {
  const numbers = cursor === undefined ? [] : cursor.split('.').map(Number)
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return { items: [], next: null }
  const after = cursor === undefined ? null : numbers
  const rows =
    node === undefined
      ? await readStepRows(query, run, artifacts, after?.[0] ?? 0, limit + 1)
      : await readNodeRows(query, run, node, artifacts, after, limit + 1)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const next = last && (node === undefined ? String(last.seq) : last.path.join('.'))
  return { items: rows.slice(0, limit).map(toRecord), next: next ?? null }
}

/** What became of a node in a run so far. */
export type NodeSummary = {
  node: string
  status: StepRow['status']
  /** Of a mapped node; null for a plain one. */
  items: { total: number; failed: number; skipped: number } | null
  startedAt: string | null
  endedAt: string | null
  ms: number
  /** Of a plain node. */
  outputs: Record<string, unknown> | null
  /** Of a plain node, or the first among a mapped node's items. */
  error: RunError | null
  usage: Usage | null
  /** Of a plain node: how it came about, if not by running. */
  mark: StepMark | null
}

type Row = {
  node: string
  mapped: boolean
  total: number
  failed: number
  skipped: number
  started: Date | null
  ended: Date | null
  ms: number
  outputs: string | null
  error: string | null
  usage: Usage | null
  mark: StepMark | null
}

const statusOf = (row: Row): StepRow['status'] => {
  if (row.total > row.failed + row.skipped) return 'succeeded'
  return row.failed > 0 ? 'failed' : 'skipped'
}

const toSummary = async (row: Row, artifacts: Artifacts): Promise<NodeSummary> => ({
  node: row.node,
  status: statusOf(row),
  items: row.mapped ? { total: row.total, failed: row.failed, skipped: row.skipped } : null,
  startedAt: row.started?.toISOString() ?? null,
  endedAt: row.ended?.toISOString() ?? null,
  ms: row.ms,
  outputs: row.outputs === null ? null : await unpackValues(row.outputs, artifacts),
  error: row.error === null ? null : readJsonText<RunError>(row.error),
  usage: row.usage,
  mark: row.mark,
})

/** One entry per node that has journal rows, in the order of their first rows. A node that failed a run reads `failed`. */
export const summariseNodes = async (query: Query, artifacts: Artifacts, run: string): Promise<NodeSummary[]> => {
  const rows = await query<Row>(
    `select s.node, bool_or(cardinality(s.path) > 0) as mapped, count(*) as total,
       count(*) filter (where s.status = 'failed') as failed, count(*) filter (where s.status = 'skipped') as skipped,
       min(s.started_at) as started, max(s.started_at + s.ms * interval '1 ms') as ended,
       coalesce(extract(epoch from max(s.started_at + s.ms * interval '1 ms') - min(s.started_at)) * 1000, 0)::float8 as ms,
       max(s.outputs::text) filter (where s.path = '{}') as outputs, max(s.mark) filter (where s.path = '{}') as mark,
       (array_agg(s.error::text order by s.seq) filter (where s.error is not null))[1] as error,
       case when bool_or(s.usage is not null) then json_build_object(
         'inputTokens', sum((s.usage->>'inputTokens')::float8), 'outputTokens', sum((s.usage->>'outputTokens')::float8)) end as usage
     from run_step s where s.run_id = $1::text::uuid group by s.node order by min(s.seq)`,
    [run],
  )
  return Promise.all(rows.map((row) => toSummary(row, artifacts)))
}

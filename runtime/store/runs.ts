import type { Usage } from '#nodes/define.ts'
import type { RunError, RunStatus } from '../engine/events.ts'
import type { RunRecord } from '../engine/run.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import type { Artifacts } from './artifacts.ts'
import type { Query } from './database.ts'
import { unpackValues } from './journal/values.ts'
import { readJsonText } from './json-text.ts'
import { isUuid } from './uuid.ts'

type Row = {
  id: string
  number: number
  pipeline: string | null
  name: string
  version: number | null
  trigger: RunRecord['trigger']
  status: RunStatus
  input: string
  output: string | null
  error: string | null
  usage: Usage | null
  created: Date
  started: Date | null
  ended: Date | null
}

const columns = `r.id, r.number, r.pipeline_id as pipeline, r.name, r.version, r.trigger, r.status, r.input::text as input,
  r.output::text as output, r.error::text as error, r.usage, r.created_at as created, r.started_at as started, r.ended_at as ended`

const noUsage: Usage = { inputTokens: 0, outputTokens: 0 }

const toRecord = async (row: Row, artifacts: Artifacts): Promise<RunRecord> => ({
  id: row.id,
  number: row.number,
  pipeline: row.pipeline,
  name: row.name,
  version: row.version,
  trigger: row.trigger,
  status: row.status,
  input: await unpackValues(row.input, artifacts),
  output: row.output === null ? null : await unpackValues(row.output, artifacts),
  error: row.error === null ? null : readJsonText<RunError>(row.error),
  createdAt: row.created.toISOString(),
  startedAt: row.started?.toISOString() ?? null,
  endedAt: row.ended?.toISOString() ?? null,
  usage: row.usage ?? noUsage,
})

/** A run of a workspace, or undefined. */
export const readRun = async (
  query: Query,
  artifacts: Artifacts,
  workspace: string,
  id: string,
): Promise<RunRecord | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await query<Row>(`select ${columns} from run r where r.id = $1::text::uuid and r.workspace_id = $2`, [
    id,
    workspace,
  ])
  if (!row) return undefined
  const usage = row.usage ?? (await sumUsage(query, id))
  return toRecord({ ...row, usage }, artifacts)
}

/**
 * A run by its id alone, for the runtime, which is told ids by those who were allowed to know them. `endSeq` is the place
 * of its end in its journal.
 */
export const findRun = async (
  query: Query,
  artifacts: Artifacts,
  id: string,
): Promise<{ record: RunRecord; endSeq: number | null } | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await query<Row & { endSeq: number | null }>(
    `select ${columns}, r.end_seq as "endSeq" from run r where r.id = $1::text::uuid`,
    [id],
  )
  return row && { record: await toRecord(row, artifacts), endSeq: row.endSeq }
}

/** What a run has used so far, from its steps; an ended run has the sum in its own row. */
const sumUsage = async (query: Query, id: string): Promise<Usage> => {
  const [row] = await query<Usage>(
    `select coalesce(sum((usage->>'inputTokens')::float8), 0) as "inputTokens",
       coalesce(sum((usage->>'outputTokens')::float8), 0) as "outputTokens"
     from run_step where run_id = $1::text::uuid and usage is not null`,
    [id],
  )
  return row ?? noUsage
}

/** The document that a run executes. */
export const readRunDocument = async (
  query: Query,
  workspace: string,
  id: string,
): Promise<PipelineDocument | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await query<{ document: string }>(
    `select s.document::text as document from run r join snapshot s on s.workspace_id = r.workspace_id and s.digest = r.snapshot
     where r.id = $1::text::uuid and r.workspace_id = $2`,
    [id, workspace],
  )
  return row && readJsonText<PipelineDocument>(row.document)
}

export type RunFilter = { pipeline?: string; status?: readonly RunStatus[]; limit?: number; cursor?: string }

/** Runs of a workspace, the newest first. `next` is the cursor of the following page. */
export const listRuns = async (
  query: Query,
  artifacts: Artifacts,
  workspace: string,
  { pipeline, status, limit = 50, cursor }: RunFilter,
): Promise<{ items: RunRecord[]; next: string | null }> => {
  if ((pipeline !== undefined && !isUuid(pipeline)) || (cursor !== undefined && !isUuid(cursor)))
    return { items: [], next: null }
  const rows = await query<Row>(
    `select ${columns} from run r
     where r.workspace_id = $1 and ($2::text is null or r.pipeline_id = $2::text::uuid)
       and ($3::text[] is null or r.status = any ($3::text[])) and ($4::text is null or r.id < $4::text::uuid)
     order by r.id desc limit $5::int`,
    [workspace, pipeline ?? null, status ?? null, cursor ?? null, limit + 1],
  )
  const page = rows.slice(0, limit)
  return {
    items: await Promise.all(page.map((row) => toRecord(row, artifacts))),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  }
}

/** The last runs of each of these pipelines, the newest first. */
export const lastRuns = async (
  query: Query,
  workspace: string,
  pipelines: readonly string[],
  each: number,
): Promise<Map<string, { id: string; status: RunStatus }[]>> => {
  const found = new Map<string, { id: string; status: RunStatus }[]>(pipelines.map((id) => [id, []]))
  if (pipelines.length === 0) return found
  const rows = await query<{ pipeline: string; id: string; status: RunStatus }>(
    `select p.id as pipeline, r.id, r.status from unnest($2::text::uuid[]) as p(id) cross join lateral (
       select id, status from run where workspace_id = $1 and pipeline_id = p.id order by id desc limit $3::int) r`,
    [workspace, `{${pipelines.join(',')}}`, each],
  )
  for (const { pipeline, id, status } of rows) found.get(pipeline)?.push({ id, status })
  return found
}

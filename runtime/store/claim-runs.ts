import type { FileManifest, StartRequest } from '../engine/run.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import type { Artifacts } from './artifacts.ts'
import type { Database, Query } from './database.ts'
import { unpackValues } from './journal/values.ts'
import type { SourceChunk, StepRow } from './journal.ts'
import { readJsonText } from './json-text.ts'
import { readSourceRows, readStepRows } from './step-rows.ts'

export { cancelRun, handBack } from './cancel-run.ts'

/** A run to execute from where its journal ends. */
export type ClaimedRun = {
  id: string
  /** Under which this process writes to it from now on. */
  epoch: number
  request: StartRequest
  createdAt: number
  /** Take-overs in a row that found a step in flight and no progress. */
  recoveries: number
  steps: StepRow[]
  sources: SourceChunk[]
  /** The highest seq in the journal, 0 if there is none. */
  seq: number
}

type Row = {
  id: string
  epoch: number
  workspace: string
  pipeline: string | null
  version: number | null
  trigger: StartRequest['trigger']
  input: string
  document: string
  files: string
  created: Date
  recoveries: number
}

const claimed = `
  update run r set owner = $1::text::uuid, run_epoch = r.run_epoch + 1, status = 'running', started_at = coalesce(r.started_at, now()),
    recoveries = case
      when c.queued or c.idle then r.recoveries
      when c.seq > r.recovered_seq then 1
      else r.recoveries + 1 end,
    recovered_seq = greatest(r.recovered_seq, c.seq)
  from chosen c where r.id = c.id
  returning r.id`

/** Takes queued runs, the highest priority and then the oldest first. */
const claimQueued = (query: Query, process: string, most: number) =>
  query<{ id: string }>(
    `with chosen as (
       select id, true as queued, false as idle, 0 as seq from run where status = 'queued'
       order by priority desc, id limit $2 for update skip locked)
     ${claimed}`,
    [process, most],
  )

/** Takes the runs of processes that were declared dead. */
const claimOrphans = (query: Query, process: string, most: number) =>
  query<{ id: string }>(
    `with orphans as (
       select r.id, r.owner from run r join server_node n on n.id = r.owner
       where not n.alive and r.ended_at is null order by r.id limit $2 for update of r skip locked),
     chosen as (
       select o.id, false as queued, coalesce(o.id = any (b.idle), false) as idle,
         coalesce((select max(s.seq) from run_step s where s.run_id = o.id), 0) as seq
       from orphans o left join server_beat b on b.id = o.owner)
     ${claimed}`,
    [process, most],
  )

const readClaimed = (query: Query, ids: readonly string[]) =>
  query<Row>(
    `select r.id, r.run_epoch as epoch, r.workspace_id as workspace, r.pipeline_id as pipeline, r.version, r.trigger,
       r.input::text as input, s.document::text as document, s.files::text as files, r.created_at as created, r.recoveries
     from run r join snapshot s on s.workspace_id = r.workspace_id and s.digest = r.snapshot
     where r.id = any ($1::text::uuid[]) order by r.priority desc, r.id`,
    [`{${ids.join(',')}}`],
  )

const toClaimed = async (query: Query, row: Row, artifacts: Artifacts): Promise<ClaimedRun> => {
  const steps = await readStepRows(query, row.id, artifacts)
  const sources = await readSourceRows(query, row.id, artifacts)
  return {
    id: row.id,
    epoch: row.epoch,
    createdAt: row.created.getTime(),
    recoveries: row.recoveries,
    steps,
    sources,
    seq: Math.max(0, ...[steps.at(-1)?.seq ?? 0, sources.at(-1)?.seq ?? 0]),
    request: {
      workspace: row.workspace,
      ...(row.pipeline !== null && { pipeline: row.pipeline }),
      ...(row.version !== null && { version: row.version }),
      document: readJsonText<PipelineDocument>(row.document),
      files: readJsonText<FileManifest>(row.files),
      input: await unpackValues(row.input, artifacts),
      trigger: row.trigger,
    },
  }
}

/** Whether there is anything to claim: asked often, and so cheap that no place has to be kept free for the answer. */
export const hasClaimable = async (database: Database): Promise<boolean> => {
  const [row] = await database.query<{ found: boolean }>(
    `select exists (select from run where status = 'queued') or exists (
       select from server_node n join run r on r.owner = n.id where not n.alive and r.ended_at is null) as found`,
  )
  return row?.found === true
}

/**
 * Makes this process the owner of up to `most` runs: first those of dead processes, then queued ones. Each comes under
 * the next epoch, so whatever an earlier owner still sends is refused.
 */
export const claimRuns = async (
  database: Database,
  artifacts: Artifacts,
  process: { id: string },
  most: number,
): Promise<ClaimedRun[]> => {
  if (most <= 0) return []
  const orphans = await claimOrphans(database.query, process.id, most)
  const queued = orphans.length < most ? await claimQueued(database.query, process.id, most - orphans.length) : []
  const ids = [...orphans, ...queued].map((row) => row.id)
  if (ids.length === 0) return []
  const rows = await readClaimed(database.query, ids)
  return Promise.all(rows.map((row) => toClaimed(database.query, row, artifacts)))
}

/** Which of these runs this process owns no longer: cancelled or claimed elsewhere. The backstop of the cancel hint. */
export const findLost = async (
  database: Database,
  process: { id: string },
  runs: readonly string[],
): Promise<string[]> => {
  if (runs.length === 0) return []
  const rows = await database.query<{ id: string }>(
    `select x.id from unnest($2::text::uuid[]) as x(id) left join run r on r.id = x.id
     where r.id is null or r.ended_at is not null or r.owner is distinct from $1::text::uuid`,
    [process.id, `{${runs.join(',')}}`],
  )
  return rows.map((row) => row.id)
}

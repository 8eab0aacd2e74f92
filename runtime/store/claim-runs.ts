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
  /** Why it cannot go on: an artifact that its journal or its input needs is missing or damaged. Both are left out then. */
  problem?: string
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

const lastSeq = async (query: Query, run: string): Promise<number> => {
  const [row] = await query<{ seq: number }>(
    `select greatest(
       (select coalesce(max(seq), 0) from run_step where run_id = $1::text::uuid),
       (select coalesce(max(seq), 0) from run_source where run_id = $1::text::uuid)) as seq`,
    [run],
  )
  return row?.seq ?? 0
}

const readJournal = async (query: Query, row: Row, artifacts: Artifacts) => {
  const steps = await readStepRows(query, row.id, artifacts)
  const sources = await readSourceRows(query, row.id, artifacts)
  const seq = Math.max(steps.at(-1)?.seq ?? 0, sources.at(-1)?.seq ?? 0)
  return { steps, sources, seq, input: await unpackValues(row.input, artifacts) }
}

/** Fails with the database only: what is wrong with artifacts is the run's own problem. */
const toClaimed = async (query: Query, row: Row, artifacts: Artifacts): Promise<ClaimedRun> => {
  let problem: string | undefined
  const read = (sha256: string) =>
    artifacts.read(sha256).catch((error: unknown) => {
      problem ??= error instanceof Error ? error.message : String(error)
      throw error
    })
  const journal = await readJournal(query, row, { ...artifacts, read }).catch(async (error: unknown) => {
    if (problem === undefined) throw error
    return { steps: [], sources: [], seq: await lastSeq(query, row.id), input: {} }
  })
  return {
    id: row.id,
    epoch: row.epoch,
    createdAt: row.created.getTime(),
    recoveries: row.recoveries,
    steps: journal.steps,
    sources: journal.sources,
    seq: journal.seq,
    ...(problem !== undefined && { problem }),
    request: {
      workspace: row.workspace,
      ...(row.pipeline !== null && { pipeline: row.pipeline }),
      ...(row.version !== null && { version: row.version }),
      document: readJsonText<PipelineDocument>(row.document),
      files: readJsonText<FileManifest>(row.files),
      input: journal.input,
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
 * the next epoch, so whatever an earlier owner still sends is refused. `unread` is told why runs that were taken could not
 * be read; they are this process's all the same, as they may be when this fails: see `listOwned`.
 */
export const claimRuns = async (
  database: Database,
  artifacts: Artifacts,
  process: { id: string },
  most: number,
  unread: (error: unknown) => void = () => undefined,
): Promise<ClaimedRun[]> => {
  if (most <= 0) return []
  const orphans = await claimOrphans(database.query, process.id, most)
  const queued = orphans.length < most ? await claimQueued(database.query, process.id, most - orphans.length) : []
  const ids = [...orphans, ...queued].map((row) => row.id)
  if (ids.length === 0) return []
  const rows = await readClaimed(database.query, ids)
  const read = await Promise.allSettled(rows.map((row) => toClaimed(database.query, row, artifacts)))
  for (const one of read) if (one.status === 'rejected') unread(one.reason)
  return read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** The runs that this process has to execute, or to hand back if it does not know of them. */
export const listOwned = async (database: Database, process: { id: string }): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(
    `select id from run where owner = $1::text::uuid and ended_at is null`,
    [process.id],
  )
  return rows.map((row) => row.id)
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

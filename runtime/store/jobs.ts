import { uuidv7 } from 'uuidv7'
import type { JobError, JobNeeds } from '../dispatch/protocol.ts'
import type { Database, Query } from './database.ts'
import { type ArtifactsByName, type JobRow, type JobState, jobColumns, type StoredJob, toJob } from './job-rows.ts'
import { readJsonText, writeJsonText } from './json-text.ts'
import { isUuid } from './uuid.ts'

/** Hints, heard by every server process: the place of a job that waits for a worker, and the id of one that anything happened to. */
export const channels = { queued: 'patchbay_job_queued', changed: 'patchbay_job_changed' } as const

/** A job's primary key. */
export type JobPlace = Pick<StoredJob, 'workspace' | 'id'>
/** What is told on `queued`, of a row of `job`; `placeOf` reads it. */
export const placeText = `id::text || ' ' || workspace_id`
export const placeOf = (text: string): JobPlace => {
  const at = text.indexOf(' ')
  return { id: text.slice(0, at), workspace: text.slice(at + 1) }
}

export type NewJob = {
  workspace: string
  /** The step that asks: the same key is the same job. */
  key: string
  run: string | null
  node: string | null
  kind: string
  spec: Record<string, unknown>
  inputs: ArtifactsByName
  needs: JobNeeds
  tenant: string
  priority?: number
}

const findByKey = async (query: Query, workspace: string, key: string): Promise<StoredJob | undefined> => {
  const [row] = await query<JobRow>(`select ${jobColumns} from job j where j.workspace_id = $1 and j.key = $2`, [
    workspace,
    key,
  ])
  return row && toJob(row)
}

/** Makes the job of this key, or finds it: a step that runs again attaches to the job that it made. */
export const makeJob = async (query: Query, job: NewJob): Promise<StoredJob> => {
  const found = await findByKey(query, job.workspace, job.key)
  if (found) return found
  await query(
    `with made as (
       insert into job (workspace_id, id, key, run_id, node, kind, spec, inputs, needs, tenant, priority, state)
       values ($1, $2::text::uuid, $3, $4::text::uuid, $5, $6, $7::text::json, $8::text::json, $9::text::json, $10, $11::int, 'queued')
       on conflict (workspace_id, key) do nothing returning workspace_id, id)
     select pg_notify('${channels.queued}', ${placeText}) from made`,
    [
      job.workspace,
      uuidv7(),
      job.key,
      job.run,
      job.node,
      job.kind,
      writeJsonText(job.spec),
      writeJsonText(job.inputs),
      writeJsonText(job.needs),
      job.tenant,
      job.priority ?? 0,
    ],
  )
  const made = await findByKey(query, job.workspace, job.key)
  if (!made) throw new Error(`Job "${job.key}" was removed while it was made.`)
  return made
}

export const readJob = async (query: Query, workspace: string, id: string): Promise<StoredJob | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await query<JobRow>(
    `select ${jobColumns} from job j where j.workspace_id = $1 and j.id = $2::text::uuid`,
    [workspace, id],
  )
  return row && toJob(row)
}

/** Jobs of a workspace, the newest first. `next` is the cursor of the following page. */
export const listJobs = async (
  query: Query,
  workspace: string,
  { state, limit = 50, cursor }: { state?: JobState | undefined; limit?: number; cursor?: string | undefined },
): Promise<{ items: StoredJob[]; next: string | null }> => {
  if (cursor !== undefined && !isUuid(cursor)) return { items: [], next: null }
  const rows = await query<JobRow>(
    `select ${jobColumns} from job j where j.workspace_id = $1 and ($2::text is null or j.state = $2::text)
       and ($3::text is null or j.id < $3::text::uuid) order by j.id desc limit $4::int`,
    [workspace, state ?? null, cursor ?? null, limit + 1],
  )
  const page = rows.slice(0, limit)
  return { items: page.map(toJob), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

export type StoredJobEvent = { attempt: number; number: number; at: Date; event: unknown }

/** What the attempts of a job reported, the oldest first. `next` is the cursor of the following page. */
export const listJobEvents = async (
  query: Query,
  workspace: string,
  id: string,
  { limit = 50, cursor }: { limit?: number; cursor?: string | undefined },
): Promise<{ items: StoredJobEvent[]; next: string | null }> => {
  const after = Number(cursor ?? 0)
  if (!isUuid(id) || !Number.isSafeInteger(after)) return { items: [], next: null }
  const rows = await query<{ attempt: number; number: number; at: Date; event: string; seq: number }>(
    `select attempt, number, at, event::text as event, seq from job_event
     where workspace_id = $1 and job_id = $2::text::uuid and seq > $3::text::bigint order by seq limit $4::int`,
    [workspace, id, String(after), limit + 1],
  )
  const page = rows.slice(0, limit)
  return {
    items: page.map(({ attempt, number, at, event }) => ({ attempt, number, at, event: readJsonText(event) })),
    next: rows.length > limit ? String(page.at(-1)?.seq) : null,
  }
}

/**
 * Asks for the end of a job: one that is queued ends at once, the worker of one that is leased hears of it by its next
 * event. False when it had ended or does not exist.
 */
export const cancelJob = async (query: Query, workspace: string, id: string): Promise<boolean> => {
  if (!isUuid(id)) return false
  const rows = await query(
    `with asked as (
       update job set cancel_requested = true, state = case when state = 'queued' then 'cancelled' else state end,
         ended_at = case when state = 'queued' then now() end
       where workspace_id = $1 and id = $2::text::uuid and ended_at is null returning id)
     select pg_notify('${channels.changed}', id::text) from asked`,
    [workspace, id],
  )
  return rows.length > 0
}

/** The same for all jobs whose run has ended without them: whatever became of the process that should have said so. */
export const cancelOrphans = async (query: Query): Promise<number> => {
  const rows = await query(
    `with asked as (
       update job j set cancel_requested = true, state = case when j.state = 'queued' then 'cancelled' else j.state end,
         ended_at = case when j.state = 'queued' then now() end
       from run r where r.id = j.run_id and r.ended_at is not null and j.state in ('queued', 'leased')
         and not j.cancel_requested returning j.id)
     select pg_notify('${channels.changed}', id::text) from asked`,
  )
  return rows.length
}

/** Fails a job that waits in vain. False when a worker has it, or it had ended. */
export const failQueued = async (query: Query, workspace: string, id: string, error: JobError): Promise<boolean> => {
  const rows = await query(
    `with failed as (
       update job set state = 'failed', ended_at = now(), error = $3::text::json
       where workspace_id = $1 and id = $2::text::uuid and state = 'queued' returning id)
     select pg_notify('${channels.changed}', id::text) from failed`,
    [workspace, id, writeJsonText(error)],
  )
  return rows.length > 0
}

/** What placement needs to know of a job. */
export type QueuedRow = Pick<StoredJob, 'workspace' | 'id' | 'tenant' | 'priority' | 'needs' | 'createdAt'>

/**
 * Everything that waits for a worker, or what of these jobs does. Their state is looked at behind `offset 0`: otherwise
 * PostgreSQL may read the whole index of waiting jobs once per asked one, and of 100,000 that wait, 5,000 took longer than
 * the 30 s that a statement may.
 */
export const listQueued = async (
  { query }: Pick<Database, 'query'>,
  jobs?: readonly JobPlace[],
): Promise<QueuedRow[]> => {
  const asked = jobs?.filter(({ id }) => isUuid(id))
  if (asked?.length === 0) return []
  const of = `(select j.* from unnest($1::text[], $2::text[]) as asked(workspace, id)
    join job j on j.workspace_id = asked.workspace and j.id = asked.id::uuid offset 0)`
  const rows = await query<Omit<QueuedRow, 'needs' | 'createdAt'> & { needs: JobNeeds; created: Date }>(
    `select j.workspace_id as workspace, j.id, j.tenant, j.priority, j.needs, j.created_at as created
     from ${asked === undefined ? 'job' : of} j where j.state = 'queued'`,
    asked === undefined ? [] : [asked.map(({ workspace }) => workspace), asked.map(({ id }) => id)],
  )
  return rows.map(({ created, ...row }) => ({ ...row, createdAt: created }))
}

/** Where everything is that waits for a worker. */
export const listQueuedPlaces = ({ query }: Pick<Database, 'query'>): Promise<JobPlace[]> =>
  query<JobPlace>(`select workspace_id as workspace, id from job where state = 'queued'`)

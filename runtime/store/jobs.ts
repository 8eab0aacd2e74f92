import { uuidv7 } from 'uuidv7'
import type { Artifact } from '#nodes/ports.ts'
import type { JobError, JobNeeds } from '../dispatch/protocol.ts'
import type { Query } from './database.ts'

export type JobState = 'queued' | 'leased' | 'succeeded' | 'failed' | 'cancelled'
export type StoredProgress = {
  fraction: number
  note?: string
  metrics?: Record<string, number>
  secondsLeft?: number
}
/** A job as the table has it. */
export type StoredJob = {
  id: string
  workspace: string
  key: string
  run: string | null
  node: string | null
  kind: string
  spec: Record<string, unknown>
  inputs: Record<string, Artifact>
  needs: JobNeeds
  tenant: string
  priority: number
  state: JobState
  attempt: number
  losses: number
  worker: string | null
  cancelled: boolean
  progress: StoredProgress | null
  checkpoint: Record<string, Artifact> | null
  outputs: Record<string, Artifact> | null
  summary: Record<string, unknown> | null
  error: JobError | null
  createdAt: string
  startedAt: string | null
  endedAt: string | null
}
export type NewJob = Pick<
  StoredJob,
  'workspace' | 'key' | 'run' | 'node' | 'kind' | 'spec' | 'inputs' | 'needs' | 'tenant'
> & { priority?: number }

type Row = Omit<StoredJob, 'createdAt' | 'startedAt' | 'endedAt'> & {
  created: Date
  started: Date | null
  ended: Date | null
}

export const jobColumns = `id, workspace_id as workspace, key, run_id as run, node, kind, spec, inputs, needs, tenant, priority, state,
  attempt, losses, worker_id as worker, cancel_requested as cancelled, progress, checkpoint, outputs, summary, error,
  created_at as created, started_at as started, ended_at as ended`

export const toJob = ({ created, started, ended, ...rest }: Row): StoredJob => ({
  ...rest,
  createdAt: created.toISOString(),
  startedAt: started?.toISOString() ?? null,
  endedAt: ended?.toISOString() ?? null,
})
export const readJobs = async (query: Query, sql: string, params: readonly unknown[]): Promise<StoredJob[]> =>
  (await query<Row>(sql, params)).map(toJob)

/** Whoever has work, or waits for an end, listens here; the payload is the job's id. A hint only. */
export const jobChannel = 'patchbay_job'
export const tellJob = (query: Query, id: string) => query(`select pg_notify($1, $2)`, [jobChannel, id])

/** Makes the job of a key, or finds the one that was made before. */
export const makeJob = async (query: Query, job: NewJob): Promise<{ job: StoredJob; made: boolean }> => {
  const { workspace, key, run, node, kind, spec, inputs, needs, tenant, priority = 0 } = job
  const [made] = await readJobs(
    query,
    `insert into job (workspace_id, id, key, run_id, node, kind, spec, inputs, needs, tenant, priority, state)
     values ($1, $2::text::uuid, $3, $4::text::uuid, $5, $6, $7::text::json, $8::text::json, $9::text::json, $10, $11::int, 'queued')
     on conflict (workspace_id, key) do nothing returning ${jobColumns}`,
    [
      workspace,
      uuidv7(),
      key,
      run,
      node,
      kind,
      JSON.stringify(spec),
      JSON.stringify(inputs),
      JSON.stringify(needs),
      tenant,
      priority,
    ],
  )
  if (made) {
    await tellJob(query, made.id)
    return { job: made, made: true }
  }
  const [found] = await readJobs(query, `select ${jobColumns} from job where workspace_id = $1 and key = $2`, [
    workspace,
    key,
  ])
  if (!found) throw new Error(`The job of ${key} is gone. Run it again.`)
  return { job: found, made: false }
}

export const readJob = async (query: Query, workspace: string, id: string): Promise<StoredJob | undefined> => {
  const [job] = await readJobs(query, `select ${jobColumns} from job where workspace_id = $1 and id::text = $2`, [
    workspace,
    id,
  ])
  return job
}

/** A page of jobs, newest first. `cursor` is the id of the last one seen. */
export const listJobs = async (
  query: Query,
  workspace: string,
  { limit, cursor, state }: { limit: number; cursor?: string | undefined; state?: JobState | undefined },
): Promise<{ items: StoredJob[]; next: string | null }> => {
  const found = await readJobs(
    query,
    `select ${jobColumns} from job where workspace_id = $1 and ($2::text is null or id < $2::text::uuid)
       and ($3::text is null or state = $3) order by id desc limit $4::int`,
    [workspace, cursor ?? null, state ?? null, limit + 1],
  )
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** What the dispatcher needs to know of every queued job. */
export type QueuedJob = Pick<StoredJob, 'id' | 'workspace' | 'kind' | 'needs' | 'tenant' | 'priority'>

/** Queued jobs after `after` in the order of ids, so that a dispatcher can read on from what it knows. */
export const listQueued = (query: Query, limit = 5_000, after: string | null = null): Promise<QueuedJob[]> =>
  query<QueuedJob>(
    `select id, workspace_id as workspace, kind, needs, tenant, priority from job
     where state = 'queued' and ($1::text is null or id > $1::text::uuid) order by id limit $2::int`,
    [after, limit],
  )

/** The state of some jobs: those that somebody waits for, or that are believed to be queued. */
export const statesOf = (query: Query, ids: readonly string[]): Promise<{ id: string; state: JobState }[]> =>
  query<{ id: string; state: JobState }>(
    `select id, state from job where id = any(array(select json_array_elements_text($1::text::json)::uuid))`,
    [JSON.stringify(ids)],
  )

/** Asks for the end of a job. A queued one ends at once; a worker hears it with its next report. */
export const cancelJob = async (query: Query, workspace: string, id: string): Promise<StoredJob | undefined> => {
  const [job] = await readJobs(
    query,
    `update job set cancel_requested = true,
       ended_at = case when state = 'queued' then now() end,
       state = case when state = 'queued' then 'cancelled' else state end
     where workspace_id = $1 and id::text = $2 and ended_at is null returning ${jobColumns}`,
    [workspace, id],
  )
  if (job) await tellJob(query, id)
  return job
}

export type JobEventRow = { attempt: number; number: number; at: Date; event: unknown; seq: number }

/** What workers reported of a job, oldest first, after `seq`. */
export const listJobEvents = (
  query: Query,
  workspace: string,
  id: string,
  { after = 0, limit = 200 }: { after?: number; limit?: number } = {},
): Promise<JobEventRow[]> =>
  query<JobEventRow>(
    `select attempt, number, at, event, seq from job_event
     where workspace_id = $1 and job_id::text = $2 and seq > $3::bigint order by seq limit $4::int`,
    [workspace, id, after, limit],
  )

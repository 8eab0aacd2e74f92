import { type JobError, type JobEvent, type LeaseEnd, leaseSeconds } from '../dispatch/protocol.ts'
import type { Query } from './database.ts'
import { jobColumns, readJobs, type StoredJob, tellJob } from './jobs.ts'

/** Leases in a row that ended without an end and without progress: then the job is at fault, not its workers. */
export const mostLosses = 3

/** Whose lease it is: a worker that comes with an older attempt has lost it. */
export type Holder = { workspace: string; worker: string; job: string; attempt: number }

const held = `workspace_id = $1 and worker_id = $2::text::uuid and id::text = $3 and attempt = $4::int and state = 'leased'`
const holderParams = ({ workspace, worker, job, attempt }: Holder) => [workspace, worker, job, attempt]

/** Leases a queued job to a worker; undefined when somebody else was quicker, or it was cancelled. */
export const claimJob = async (
  query: Query,
  workspace: string,
  id: string,
  worker: string,
): Promise<StoredJob | undefined> => {
  const [job] = await readJobs(
    query,
    `update job set state = 'leased', attempt = attempt + 1, worker_id = $3::text::uuid,
       lease_until = now() + $4::int * interval '1 second', started_at = coalesce(started_at, now())
     where workspace_id = $1 and id::text = $2 and state = 'queued' returning ${jobColumns}`,
    [workspace, id, worker, leaseSeconds],
  )
  return job
}

/**
 * Renews a lease and keeps what the worker reports; the same report twice is one. Undefined: the lease is lost, and
 * nothing was kept.
 */
export const renewLease = async (
  query: Query,
  holder: Holder,
  events: readonly { number: number; event: JobEvent }[],
): Promise<{ cancel: boolean } | undefined> => {
  const newest = <T extends JobEvent['type']>(type: T) =>
    events.findLast((one): one is { number: number; event: Extract<JobEvent, { type: T }> } => one.event.type === type)
      ?.event
  const progress = newest('progress')
  const checkpoint = newest('checkpoint')
  const { type: _, ...told } = progress ?? { type: 'progress' }
  const [row] = await query<{ cancel: boolean }>(
    `with lease as (
       update job set lease_until = now() + $5::int * interval '1 second',
         progress = coalesce($6::text::json, progress), checkpoint = coalesce($7::text::json, checkpoint),
         losses = case when $6::text is null and $7::text is null then losses else 0 end
       where ${held} returning workspace_id, id, attempt, cancel_requested
     ), kept as (
       insert into job_event (workspace_id, job_id, attempt, number, event)
       select workspace_id, id, attempt, (one->>'number')::int, one->'event' from lease, json_array_elements($8::text::json) as one
       on conflict do nothing returning 1
     )
     select cancel_requested as cancel from lease`,
    [
      ...holderParams(holder),
      leaseSeconds,
      progress ? JSON.stringify(told) : null,
      checkpoint ? JSON.stringify(checkpoint.files) : null,
      JSON.stringify(events),
    ],
  )
  if (row && events.length > 0) await tellJob(query, holder.job)
  return row
}

const endings = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const

const settle = async (query: Query, holder: Holder, end: Exclude<LeaseEnd, { status: 'released' }>) => {
  const outputs = end.status === 'succeeded' ? JSON.stringify(end.outputs) : null
  const summary = end.status === 'succeeded' ? JSON.stringify(end.summary) : null
  const error = end.status === 'failed' ? JSON.stringify(end.error) : null
  return query(
    `update job set state = $5, outputs = $6::text::json, summary = $7::text::json, error = $8::text::json,
       ended_at = now(), lease_until = null where ${held} returning 1 as ok`,
    [...holderParams(holder), endings[end.status], outputs, summary, error],
  )
}

/** Back into the queue from its checkpoint. A job whose end was asked for ends instead. */
const release = (query: Query, holder: Holder, losses: 0 | 1) =>
  query(
    `update job set worker_id = null, lease_until = null, losses = losses + $5::int,
       state = case when cancel_requested then 'cancelled' else 'queued' end,
       ended_at = case when cancel_requested then now() end
     where ${held} returning 1 as ok`,
    [...holderParams(holder), losses],
  )

/** Whether this very attempt ended in this very way before: its worker did not get the answer and says it again. */
const saidBefore = async (query: Query, { workspace, job, attempt }: Holder, status: LeaseEnd['status']) => {
  const rows = await query(
    `select 1 as ok from job where workspace_id = $1 and id::text = $2 and attempt = $3::int and state = $4`,
    [workspace, job, attempt, status === 'released' ? 'queued' : endings[status]],
  )
  return rows.length > 0
}

/** Ends an attempt. False: the lease is lost, and nothing was changed. */
export const endLease = async (query: Query, holder: Holder, end: LeaseEnd): Promise<boolean> => {
  const tryAgain = end.status === 'failed' && end.error.retry && (await lossesLeft(query, holder))
  const rows =
    end.status === 'released' || tryAgain
      ? await release(query, holder, tryAgain ? 1 : 0)
      : await settle(query, holder, end as Exclude<LeaseEnd, { status: 'released' }>)
  if (rows.length > 0) await tellJob(query, holder.job)
  return rows.length > 0 || saidBefore(query, holder, end.status)
}

const lossesLeft = async (query: Query, holder: Holder): Promise<boolean> => {
  const [row] = await query<{ losses: number }>(`select losses from job where ${held}`, holderParams(holder))
  return row !== undefined && row.losses + 1 < mostLosses
}

const lost: JobError = {
  code: 'job-lost',
  message: `Its workers were lost ${mostLosses} times without any progress. Look at their logs and memory, then run it again.`,
  retry: false,
}

/** Takes back the leases that ran out, by the database's clock. Answers the jobs that changed. */
export const expireLeases = async (query: Query): Promise<{ id: string; state: string }[]> => {
  const rows = await query<{ id: string; state: string }>(
    `update job set worker_id = null, lease_until = null, losses = losses + 1,
       state = case when cancel_requested then 'cancelled' when losses + 1 >= $1::int then 'failed' else 'queued' end,
       error = case when not cancel_requested and losses + 1 >= $1::int then $2::text::json end,
       ended_at = case when cancel_requested or losses + 1 >= $1::int then now() end
     where state = 'leased' and lease_until < now() returning id, state`,
    [mostLosses, JSON.stringify(lost)],
  )
  for (const { id } of rows) await tellJob(query, id)
  return rows
}

import type { JobError, JobEvent, Lease, LeaseEnd } from '../dispatch/protocol.ts'
import { leaseSeconds } from '../dispatch/protocol.ts'
import type { JobProgress } from '../engine/engine.ts'
import type { Database, Query } from './database.ts'
import { channels, placeText } from './jobs.ts'
import { readJsonText, writeJsonText } from './json-text.ts'

/** Leases that end without an end, and without progress in between, before a job is given up. */
export const mostLosses = 3

/** Who holds a job. A holder of an older attempt can change nothing. */
export type Holder = { workspace: string; worker: string; job: string; attempt: number }

/**
 * Gives a queued job to a worker under its next attempt. Undefined when it is queued no longer: of all that ask at the
 * same time one gets it.
 */
export const claimJob = async (
  query: Query,
  worker: { workspace: string; id: string },
  job: string,
  ttl = leaseSeconds,
): Promise<Lease | undefined> => {
  const [row] = await query<{
    id: string
    attempt: number
    kind: string
    spec: string
    inputs: string
    checkpoint: string | null
  }>(
    `with claimed as (
       update job set state = 'leased', attempt = attempt + 1, worker_id = $2::text::uuid,
         lease_until = now() + $4::float8 * interval '1 second', started_at = coalesce(started_at, now())
       where workspace_id = $1 and id = $3::text::uuid and state = 'queued' returning *)
     select id, attempt, kind, spec::text as spec, inputs::text as inputs, checkpoint::text as checkpoint,
       pg_notify('${channels.changed}', id::text) as told from claimed`,
    [worker.workspace, worker.id, job, ttl],
  )
  if (!row) return undefined
  return {
    job: row.id,
    attempt: row.attempt,
    kind: row.kind,
    spec: readJsonText(row.spec),
    inputs: readJsonText(row.inputs),
    checkpoint: row.checkpoint === null ? null : readJsonText(row.checkpoint),
    ttl,
  }
}

type Renewed = { cancelled: boolean; progress: string | null; checkpoint: string | null }
const held = `workspace_id = $1 and id = $2::text::uuid and attempt = $3::int and worker_id = $4::text::uuid and state = 'leased'`
const heldBy = ({ workspace, job, attempt, worker }: Holder) => [workspace, job, attempt, worker]

/** Also one that has run out, as long as nobody has noticed: its holder is the last one still. */
const renew = async (query: Query, holder: Holder, ttl: number): Promise<Renewed | undefined> => {
  const [row] = await query<Renewed>(
    `update job set lease_until = now() + $5::float8 * interval '1 second' where ${held}
     returning cancel_requested as cancelled, progress::text as progress, checkpoint::text as checkpoint`,
    [...heldBy(holder), ttl],
  )
  return row
}

export type NumberedEvent = { number: number; event: JobEvent }

/** Answers the numbers that were new. */
const addEvents = async (query: Query, holder: Holder, events: readonly NumberedEvent[]): Promise<Set<number>> => {
  const rows = await query<{ number: number }>(
    `insert into job_event (workspace_id, job_id, attempt, number, event)
     select $1, $2::text::uuid, $3::int, n, e::json from unnest($4::int[], $5::text[]) as x(n, e) order by n
     on conflict do nothing returning number`,
    [
      holder.workspace,
      holder.job,
      holder.attempt,
      events.map(({ number }) => number),
      events.map(({ event }) => writeJsonText(event)),
    ],
  )
  return new Set(rows.map(({ number }) => number))
}

type Kept = JobProgress & { furthest?: number }

/** What new events make of a job's progress and checkpoint, and whether it is further than it ever was. */
const advance = (before: Renewed, events: readonly JobEvent[]) => {
  let progress: Kept | null = before.progress === null ? null : readJsonText<Kept>(before.progress)
  let checkpoint = before.checkpoint
  let further = false
  for (const event of events) {
    if (event.type === 'progress') {
      const { type: _, ...told } = event
      const furthest = progress?.furthest ?? 0
      further ||= told.fraction > furthest
      progress = { ...(told as JobProgress), furthest: Math.max(furthest, told.fraction) }
    }
    if (event.type === 'checkpoint') {
      const files = writeJsonText(event.files)
      further ||= files !== checkpoint
      checkpoint = files
    }
  }
  return { progress: progress && writeJsonText(progress), checkpoint, further }
}

const note = (query: Query, holder: Holder, { progress, checkpoint, further }: ReturnType<typeof advance>) =>
  query(
    `update job set progress = $5::text::json, checkpoint = $6::text::json,
       losses = case when $7::bool then 0 else losses end where ${held}`,
    [...heldBy(holder), progress, checkpoint, further],
  )

/**
 * Renews a lease and keeps what its worker reported, each number once. Undefined when the lease is lost: nothing of it
 * happened. All or nothing, so that a worker can send the same list again.
 */
export const renewLease = async (
  database: Database,
  holder: Holder,
  events: readonly NumberedEvent[],
  ttl = leaseSeconds,
): Promise<{ cancel: boolean } | undefined> => {
  if (events.length === 0) {
    const row = await renew(database.query, holder, ttl)
    return row && { cancel: row.cancelled }
  }
  return database.transaction(async (query) => {
    const row = await renew(query, holder, ttl)
    if (!row) return undefined
    const fresh = await addEvents(query, holder, events)
    const news = events.filter(({ number }) => fresh.has(number)).toSorted((a, b) => a.number - b.number)
    const told = news.flatMap(({ event }) => (event.type === 'log' ? [] : [event]))
    if (told.length > 0) await note(query, holder, advance(row, told))
    if (news.length > 0) await query(`select pg_notify('${channels.changed}', $1::text)`, [holder.job])
    return { cancel: row.cancelled }
  })
}

const tell = `select state, pg_notify('${channels.changed}', id::text),
  case when state = 'queued' then pg_notify('${channels.queued}', ${placeText}) end from ended`

const succeed = (query: Query, holder: Holder, outputs: object, summary: object) =>
  query<{ state: string }>(
    `with ended as (
       update job set state = 'succeeded', ended_at = now(), lease_until = null, outputs = $5::text::json,
         summary = $6::text::json where ${held} returning workspace_id, id, state)
     ${tell}`,
    [...heldBy(holder), writeJsonText(outputs), writeJsonText(summary)],
  )

const cancelled = (query: Query, holder: Holder) =>
  query<{ state: string }>(
    `with ended as (
       update job set state = 'cancelled', ended_at = now(), lease_until = null where ${held} returning workspace_id, id, state)
     ${tell}`,
    heldBy(holder),
  )

/** For good, or back into the queue when another attempt may succeed and there have not been too many. */
const fail = (query: Query, holder: Holder, error: JobError) =>
  query<{ state: string }>(
    `with ended as (
       update job set lease_until = null, error = $5::text::json, losses = losses + 1,
         state = case when not $6::bool then 'failed' when cancel_requested then 'cancelled'
           when losses + 1 >= ${mostLosses} then 'failed' else 'queued' end,
         ended_at = case when not $6::bool or cancel_requested or losses + 1 >= ${mostLosses} then now() end
       where ${held} returning workspace_id, id, state)
     ${tell}`,
    [...heldBy(holder), writeJsonText(error), error.retry],
  )

/** Not at fault: the next attempt goes on from the checkpoint, and nothing is counted. */
const release = (query: Query, holder: Holder) =>
  query<{ state: string }>(
    `with ended as (
       update job set lease_until = null, state = case when cancel_requested then 'cancelled' else 'queued' end,
         ended_at = case when cancel_requested then now() end where ${held} returning workspace_id, id, state)
     ${tell}`,
    heldBy(holder),
  )

const endOnce = (query: Query, holder: Holder, end: LeaseEnd) => {
  if (end.status === 'succeeded') return succeed(query, holder, end.outputs, end.summary)
  if (end.status === 'failed') return fail(query, holder, end.error)
  return end.status === 'cancelled' ? cancelled(query, holder) : release(query, holder)
}

/** How the job of an attempt stands that holds it no longer. */
const standing = async (query: Query, holder: Holder): Promise<string | undefined> => {
  const [row] = await query<{ state: string }>(
    `select state from job where workspace_id = $1 and id = $2::text::uuid and attempt = $3::int and worker_id = $4::text::uuid`,
    heldBy(holder),
  )
  return row?.state
}

/**
 * Ends an attempt. The same end of the same attempt twice is one (`repeated`); undefined when the lease is lost, and then
 * nothing happened.
 */
export const endLease = async (
  query: Query,
  holder: Holder,
  end: LeaseEnd,
): Promise<{ state: string; repeated: boolean } | undefined> => {
  const [row] = await endOnce(query, holder, end)
  if (row) return { state: row.state, repeated: false }
  const state = await standing(query, holder)
  if (state === undefined) return undefined
  const requeues = end.status === 'released' || (end.status === 'failed' && end.error.retry)
  const same = state === end.status || (requeues && (state === 'queued' || state === 'cancelled'))
  return same ? { state, repeated: true } : undefined
}

const lost: JobError = {
  code: 'job-lost',
  message: `The job was lost ${mostLosses} times in a row without getting any further: its workers went silent. Look at their logs, then run it again.`,
  retry: false,
}

/**
 * Takes jobs from workers that were silent for longer than their lease, by the database's clock. The worker is forgotten,
 * so whatever it still sends is refused. Answers how many.
 */
export const expireLeases = async (query: Query): Promise<number> => {
  const rows = await query(
    `with late as (
       select workspace_id, id from job where state = 'leased' and lease_until < now() limit 1000 for update skip locked),
     ended as (
       update job j set lease_until = null, worker_id = null, losses = losses + 1,
         state = case when cancel_requested then 'cancelled' when losses + 1 >= ${mostLosses} then 'failed' else 'queued' end,
         ended_at = case when cancel_requested or losses + 1 >= ${mostLosses} then now() end,
         error = case when not cancel_requested and losses + 1 >= ${mostLosses} then $1::text::json else error end
       from late where j.workspace_id = late.workspace_id and j.id = late.id returning j.workspace_id, j.id, j.state)
     ${tell}`,
    [writeJsonText(lost)],
  )
  return rows.length
}

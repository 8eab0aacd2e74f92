import { uuidv7 } from 'uuidv7'
import type { WorkerBeat, WorkerOffer } from '../dispatch/protocol.ts'
import type { Query } from './database.ts'
import type { Sealer } from './sealer.ts'
import { digestToken, newToken } from './tokens.ts'

/** How long a one-time token lets a worker in, in seconds. */
export const enrolmentSeconds = 3_600

export type StoredWorker = {
  id: string
  workspace: string
  name: string
  /** Without its engine token. */
  offer: Omit<WorkerOffer, 'engineToken'> | null
  engineToken: string | null
  beat: WorkerBeat | null
  /** A person wants it to take nothing new. */
  drained: boolean
  /** Milliseconds since it was heard, by the database's clock; null: never. */
  silentFor: number | null
  seenAt: string | null
}
type Row = Omit<StoredWorker, 'engineToken' | 'seenAt'> & { sealed: Uint8Array | null; seen: Date | null }

const columns = `id, workspace_id as workspace, name, offer, beat, engine_token as sealed, drained_at is not null as drained,
  seen_at as seen, (extract(epoch from now() - seen_at) * 1000)::float8 as "silentFor"`

const toWorker =
  (sealer: Sealer) =>
  ({ sealed, seen, ...row }: Row): StoredWorker => ({
    ...row,
    engineToken: sealed && sealer.open({ workspace: row.workspace, id: row.id }, sealed),
    seenAt: seen?.toISOString() ?? null,
  })

/** Makes a token that lets one worker in. It is returned once and kept nowhere. */
export const createEnrolment = async (
  query: Query,
  workspace: string,
): Promise<{ token: string; expiresAt: string }> => {
  const token = newToken('pb_enrol_')
  const [row] = await query<{ expires: Date }>(
    `insert into worker_enrolment (workspace_id, digest, expires_at)
     values ($1, $2, now() + $3::int * interval '1 second') returning expires_at as expires`,
    [workspace, digestToken(token), enrolmentSeconds],
  )
  if (!row) throw new Error('The token could not be saved. Try again.')
  return { token, expiresAt: row.expires.toISOString() }
}

/** Puts a worker into the list; answers the token that it sends from now on, kept nowhere. */
export const createWorker = async (
  query: Query,
  workspace: string,
  name: string,
): Promise<{ id: string; token: string }> => {
  const id = uuidv7()
  const token = newToken('pb_worker_')
  await query(`insert into worker (workspace_id, id, name, digest) values ($1, $2::text::uuid, $3, $4)`, [
    workspace,
    id,
    name,
    digestToken(token),
  ])
  return { id, token }
}

/** Uses up a one-time token. Undefined: it is wrong, was used, or is too old. */
export const spendEnrolment = async (query: Query, token: string): Promise<string | undefined> => {
  const [row] = await query<{ workspace: string }>(
    `delete from worker_enrolment where digest = $1 and expires_at > now() returning workspace_id as workspace`,
    [digestToken(token)],
  )
  return row?.workspace
}

/** Which worker a token belongs to. */
export const findWorker = async (
  query: Query,
  token: string,
): Promise<{ workspace: string; id: string } | undefined> => {
  const [row] = await query<{ workspace: string; id: string }>(
    `select workspace_id as workspace, id from worker where digest = $1`,
    [digestToken(token)],
  )
  return row
}

/** Gives a worker a new token: the server's own worker gets one at every start. */
export const renewWorkerToken = async (query: Query, workspace: string, id: string): Promise<string> => {
  const token = newToken('pb_worker_')
  await query(`update worker set digest = $3 where workspace_id = $1 and id::text = $2`, [
    workspace,
    id,
    digestToken(token),
  ])
  return token
}

/** What a worker says of itself at its start. */
export const saveOffer = async (
  query: Query,
  sealer: Sealer,
  workspace: string,
  id: string,
  { engineToken, ...offer }: WorkerOffer,
): Promise<void> => {
  const sealed = engineToken === undefined ? null : sealer.seal({ workspace, id }, engineToken)
  await query(
    `update worker set offer = $3::text::json, engine_token = $4, name = $5, beat = null, seen_at = now()
     where workspace_id = $1 and id::text = $2`,
    [workspace, id, JSON.stringify(offer), sealed, offer.name],
  )
}

export const saveBeat = async (query: Query, workspace: string, id: string, beat: WorkerBeat): Promise<void> => {
  await query(`update worker set beat = $3::text::json, seen_at = now() where workspace_id = $1 and id::text = $2`, [
    workspace,
    id,
    JSON.stringify(beat),
  ])
}

/** A worker that stopped on its own accord is not waited for. */
export const forgetBeat = async (query: Query, workspace: string, id: string): Promise<void> => {
  await query(
    `update worker set beat = null, seen_at = now() - interval '1 day' where workspace_id = $1 and id::text = $2`,
    [workspace, id],
  )
}

export const drainWorker = async (query: Query, workspace: string, id: string, drain: boolean): Promise<boolean> => {
  const rows = await query(
    `update worker set drained_at = case when $3::boolean then now() end
     where workspace_id = $1 and id::text = $2 returning 1 as ok`,
    [workspace, id, drain],
  )
  return rows.length > 0
}

export const deleteWorker = async (query: Query, workspace: string, id: string): Promise<boolean> => {
  const rows = await query(`delete from worker where workspace_id = $1 and id::text = $2 returning 1 as ok`, [
    workspace,
    id,
  ])
  return rows.length > 0
}

/** All workers of a workspace, or of all of them, by name. */
export const listWorkers = async (
  query: Query,
  sealer: Sealer,
  workspace: string | null = null,
): Promise<StoredWorker[]> => {
  const rows = await query<Row>(
    `select ${columns} from worker where $1::text is null or workspace_id = $1 order by name, id`,
    [workspace],
  )
  return rows.map(toWorker(sealer))
}

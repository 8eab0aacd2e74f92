import { timingSafeEqual } from 'node:crypto'
import { beatEvery, beatsMissed, type WorkerOffer } from '../dispatch/protocol.ts'
import type { Query } from './database.ts'
import { digestToken } from './tokens.ts'

/** What a worker said that it has, and whether it was heard of lately and takes work. */
export type KnownOffer = { id: string; offer: WorkerOffer; live: boolean }

/** The workers of a workspace that ever made an offer. */
export const listOffers = async (query: Query, workspace: string): Promise<KnownOffer[]> =>
  query<KnownOffer>(
    `select id, offer, drained_at is null and coalesce(seen_at > now() - $2::float8 * interval '1 second', false) as live
     from worker where workspace_id = $1 and offer is not null`,
    [workspace, (beatEvery * beatsMissed) / 1_000],
  )

/** Whose token it is. */
export const findWorkerByToken = async (
  query: Query,
  token: string,
): Promise<{ workspace: string; id: string } | undefined> => {
  const digest = digestToken(token)
  const [row] = await query<{ workspace: string; id: string; digest: Uint8Array }>(
    'select workspace_id as workspace, id, digest from worker where digest = $1',
    [digest],
  )
  if (!row || !timingSafeEqual(row.digest, digest)) return undefined
  return { workspace: row.workspace, id: row.id }
}

import { timingSafeEqual } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { Query } from './database.ts'
import { digestToken, newToken } from './tokens.ts'

/** Each includes the ones after it, but for `serve`, which may only call deployments. */
export const scopes = ['admin', 'edit', 'run', 'serve'] as const
export type Scope = (typeof scopes)[number]
export type ApiKey = { id: string; workspace: string; name: string; scope: Scope }
export type ApiKeyInfo = Omit<ApiKey, 'workspace'> & { createdAt: string; usedAt: string | null }

/** Makes a key. The token is returned once and kept nowhere. */
export const createApiKey = async (
  query: Query,
  workspace: string,
  name: string,
  scope: Scope,
): Promise<{ id: string; token: string }> => {
  const id = uuidv7()
  const token = newToken('pb_key_')
  await query(`insert into api_key (workspace_id, id, name, digest, scope) values ($1, $2::text::uuid, $3, $4, $5)`, [
    workspace,
    id,
    name,
    digestToken(token),
    scope,
  ])
  return { id, token }
}

/** Whose key a token is. The use is noted at most once a minute. */
export const findApiKey = async (query: Query, token: string): Promise<ApiKey | undefined> => {
  const digest = digestToken(token)
  const [row] = await query<ApiKey & { digest: Uint8Array; stale: boolean }>(
    `select id, workspace_id as workspace, name, scope, digest,
       used_at is null or used_at < now() - interval '1 minute' as stale from api_key where digest = $1`,
    [digest],
  )
  // The index compares digests of full-entropy tokens, which tells nothing; this costs nothing either.
  if (!row || !timingSafeEqual(row.digest, digest)) return undefined
  if (row.stale)
    await query(`update api_key set used_at = now() where workspace_id = $1 and id = $2::text::uuid`, [
      row.workspace,
      row.id,
    ])
  return { id: row.id, workspace: row.workspace, name: row.name, scope: row.scope }
}

export const listApiKeys = async (query: Query, workspace: string): Promise<ApiKeyInfo[]> => {
  const rows = await query<{ id: string; name: string; scope: Scope; created: Date; used: Date | null }>(
    `select id, name, scope, created_at as created, used_at as used from api_key where workspace_id = $1 order by id`,
    [workspace],
  )
  return rows.map(({ id, name, scope, created, used }) => ({
    id,
    name,
    scope,
    createdAt: created.toISOString(),
    usedAt: used?.toISOString() ?? null,
  }))
}

export const deleteApiKey = async (query: Query, workspace: string, id: string): Promise<boolean> => {
  const rows = await query(`delete from api_key where workspace_id = $1 and id::text = $2 returning 1 as ok`, [
    workspace,
    id,
  ])
  return rows.length > 0
}

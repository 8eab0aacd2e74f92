import { timingSafeEqual } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { Query } from './database.ts'
import { readJsonText, writeJsonText } from './json-text.ts'
import { digestToken, newToken } from './tokens.ts'

/** Each includes the ones after it, but for `serve`, which may only call deployments. */
export const scopes = ['admin', 'edit', 'run', 'serve'] as const
export type Scope = (typeof scopes)[number]
export type ApiKey = {
  id: string
  workspace: string
  name: string
  scope: Scope
  /** The deployments and models that it may call; null for all. */
  only: string[] | null
}
export type ApiKeyInfo = Omit<ApiKey, 'workspace'> & { createdAt: string; usedAt: string | null }

/** Makes a key. The token is returned once and kept nowhere. */
export const createApiKey = async (
  query: Query,
  workspace: string,
  name: string,
  scope: Scope,
  only: readonly string[] | null = null,
): Promise<{ id: string; token: string }> => {
  const id = uuidv7()
  const token = newToken('pb_key_')
  await query(
    `insert into api_key (workspace_id, id, name, digest, scope, "only")
     values ($1, $2::text::uuid, $3, $4, $5, $6::text::json)`,
    [workspace, id, name, digestToken(token), scope, only && writeJsonText(only)],
  )
  return { id, token }
}

/** Whose key a token is. The use is noted at most once a minute. */
export const findApiKey = async (query: Query, token: string): Promise<ApiKey | undefined> => {
  const digest = digestToken(token)
  const [row] = await query<Omit<ApiKey, 'only'> & { only: string | null; digest: Uint8Array; stale: boolean }>(
    `select id, workspace_id as workspace, name, scope, "only"::text as "only", digest,
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
  const { id, workspace, name, scope, only } = row
  return { id, workspace, name, scope, only: only === null ? null : readJsonText<string[]>(only) }
}

export const listApiKeys = async (query: Query, workspace: string): Promise<ApiKeyInfo[]> => {
  const rows = await query<{
    id: string
    name: string
    scope: Scope
    only: string | null
    created: Date
    used: Date | null
  }>(
    `select id, name, scope, "only"::text as "only", created_at as created, used_at as used
     from api_key where workspace_id = $1 order by id`,
    [workspace],
  )
  return rows.map(({ id, name, scope, only, created, used }) => ({
    id,
    name,
    scope,
    only: only === null ? null : readJsonText<string[]>(only),
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

import { uuidv7 } from 'uuidv7'
import type { Query } from './database.ts'
import type { Sealer } from './sealer.ts'

/** What may be told of a secret; its value is write-only. */
export type SecretInfo = { id: string; name: string; createdAt: string; updatedAt: string }

/** Saves a secret under its name; an existing one keeps its id. */
export const putSecret = async (
  query: Query,
  sealer: Sealer,
  workspace: string,
  name: string,
  value: string,
): Promise<void> => {
  // The seal is bound to the id, so the id must be there first; an empty seal opens with no key.
  const [row] = await query<{ id: string }>(
    `insert into secret (workspace_id, id, name, sealed) values ($1, $2::text::uuid, $3, '')
     on conflict (workspace_id, name) do update set updated_at = now() returning id`,
    [workspace, uuidv7(), name],
  )
  if (!row) throw new Error(`The secret ${name} could not be saved.`)
  await query(`update secret set sealed = $3 where workspace_id = $1 and id = $2::text::uuid`, [
    workspace,
    row.id,
    sealer.seal({ workspace, id: row.id }, value),
  ])
}

/** The value of a secret, for a step that asks for it. */
export const readSecret = async (
  query: Query,
  sealer: Sealer,
  workspace: string,
  name: string,
): Promise<string | undefined> => {
  const [row] = await query<{ id: string; sealed: Uint8Array }>(
    `select id, sealed from secret where workspace_id = $1 and name = $2`,
    [workspace, name],
  )
  return row && sealer.open({ workspace, id: row.id }, row.sealed)
}

export const listSecrets = async (query: Query, workspace: string): Promise<SecretInfo[]> => {
  const rows = await query<{ id: string; name: string; created: Date; updated: Date }>(
    `select id, name, created_at as created, updated_at as updated from secret where workspace_id = $1 order by name`,
    [workspace],
  )
  return rows.map(({ id, name, created, updated }) => ({
    id,
    name,
    createdAt: created.toISOString(),
    updatedAt: updated.toISOString(),
  }))
}

export const deleteSecret = async (query: Query, workspace: string, name: string): Promise<boolean> => {
  const rows = await query(`delete from secret where workspace_id = $1 and name = $2 returning 1 as ok`, [
    workspace,
    name,
  ])
  return rows.length > 0
}

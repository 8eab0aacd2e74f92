import { uuidv7 } from 'uuidv7'
import type { Query } from './database.ts'
import type { Sealer } from './sealer.ts'

/** What may be told of a secret; its value is write-only. */
export type SecretInfo = { id: string; name: string; createdAt: string; updatedAt: string }

const insertSecret = (query: Query, workspace: string, id: string, name: string, sealed: Uint8Array) =>
  query(
    `insert into secret (workspace_id, id, name, sealed) values ($1, $2::text::uuid, $3, $4)
     on conflict (workspace_id, name) do nothing returning id`,
    [workspace, id, name, sealed],
  )

const replaceSecret = (query: Query, workspace: string, id: string, sealed: Uint8Array) =>
  query(
    `update secret set sealed = $3, updated_at = now() where workspace_id = $1 and id = $2::text::uuid returning id`,
    [workspace, id, sealed],
  )

const findSecretId = async (query: Query, workspace: string, name: string): Promise<string | undefined> => {
  const [row] = await query<{ id: string }>(`select id from secret where workspace_id = $1 and name = $2`, [
    workspace,
    name,
  ])
  return row?.id
}

/** Saves a secret under its name; an existing one keeps its id, to which the seal is bound. */
export const putSecret = async (
  query: Query,
  sealer: Sealer,
  workspace: string,
  name: string,
  value: string,
): Promise<void> => {
  // Somebody may delete the secret between finding and replacing it; then it is new again.
  for (let tries = 0; tries < 3; tries++) {
    const known = await findSecretId(query, workspace, name)
    const id = known ?? uuidv7()
    const sealed = sealer.seal({ workspace, id }, value)
    const save =
      known === undefined
        ? insertSecret(query, workspace, id, name, sealed)
        : replaceSecret(query, workspace, id, sealed)
    if ((await save).length > 0) return
  }
  throw new Error(`The secret ${name} is being changed by somebody else at this moment. Save it again.`)
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

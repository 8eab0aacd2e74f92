import { uuidv7 } from 'uuidv7'
import type { Query } from './database.ts'
import { DatabaseError } from './database-error.ts'
import type { Sealer } from './sealer.ts'

export type HookSettings = {
  name: string
  pipeline: string
  version: 'latest' | number
  mode: 'sync' | 'stream' | 'async'
  auth: 'standard' | 'bearer' | 'github' | 'stripe' | 'none'
}
export type StoredHook = HookSettings & { id: string; workspace: string; createdAt: string }

type Row = Omit<StoredHook, 'version' | 'createdAt'> & { version: string; created: Date; sealed: Uint8Array | null }

const columns = `id, workspace_id as workspace, name, pipeline_id as pipeline, version, mode, auth, sealed, created_at as created`

const toHook = ({ id, workspace, name, pipeline, version, mode, auth, created }: Row): StoredHook => ({
  id,
  workspace,
  name,
  pipeline,
  version: version === 'latest' ? 'latest' : Number(version),
  mode,
  auth,
  createdAt: created.toISOString(),
})

/** Saves a hook and its secret (null for none). Undefined when the name is taken. */
export const createHook = async (
  query: Query,
  sealer: Sealer,
  workspace: string,
  hook: HookSettings,
  secret: string | null,
): Promise<StoredHook | undefined> => {
  const id = uuidv7()
  const sealed = secret === null ? null : sealer.seal({ workspace, id }, secret)
  try {
    const [row] = await query<Row>(
      `insert into hook (workspace_id, id, name, pipeline_id, version, mode, auth, sealed)
       values ($1, $2::text::uuid, $3, $4::text::uuid, $5, $6, $7, $8) returning ${columns}`,
      [workspace, id, hook.name, hook.pipeline, String(hook.version), hook.mode, hook.auth, sealed],
    )
    return row && toHook(row)
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '23505') return undefined
    throw error
  }
}

/** The hook that a call names, with its secret. Hooks are called without a workspace; `workspace` narrows where one is known. */
export const findHook = async (
  query: Query,
  sealer: Sealer,
  name: string,
  workspace = 'local',
): Promise<{ hook: StoredHook; secret: string | null } | undefined> => {
  const [row] = await query<Row>(`select ${columns} from hook where name = $1 and workspace_id = $2`, [name, workspace])
  if (!row) return undefined
  const secret = row.sealed === null ? null : sealer.open({ workspace: row.workspace, id: row.id }, row.sealed)
  return { hook: toHook(row), secret }
}

export const listHooks = async (query: Query, workspace: string): Promise<StoredHook[]> =>
  (await query<Row>(`select ${columns} from hook where workspace_id = $1 order by name`, [workspace])).map(toHook)

export const deleteHook = async (query: Query, workspace: string, name: string): Promise<boolean> => {
  const rows = await query(`delete from hook where workspace_id = $1 and name = $2 returning 1 as ok`, [
    workspace,
    name,
  ])
  return rows.length > 0
}

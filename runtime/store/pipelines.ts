import { uuidv7 } from 'uuidv7'
import type { PipelineDocument } from '../pipeline/document.ts'
import type { Database, Query } from './database.ts'
import { deploymentsOfPipeline } from './deployments.ts'
import { readJsonText, writeJsonText } from './json-text.ts'
import { isUuid } from './uuid.ts'

export type StoredPipeline = {
  id: string
  name: string
  revision: number
  /** The latest published version, or null. */
  version: number | null
  document: PipelineDocument
  updatedAt: string
}

type Row = { id: string; name: string; revision: number; version: number | null; draft: string; updated: Date }

/** Where a page ends: the microseconds of the last change, and the id. It stays when that pipeline is changed or deleted. */
const cursorOf = /^(\d{1,18})-([0-9a-f-]{36})$/

const columns = `p.id, p.name, p.revision, p.draft::text as draft, p.updated_at as updated,
  (select max(v.version) from pipeline_version v where v.workspace_id = p.workspace_id and v.pipeline_id = p.id) as version`

const toPipeline = (row: Row): StoredPipeline => ({
  id: row.id,
  name: row.name,
  revision: row.revision,
  version: row.version,
  document: readJsonText<PipelineDocument>(row.draft),
  updatedAt: row.updated.toISOString(),
})

/** Saves a new pipeline as revision 1 and returns its id. */
export const createPipeline = async (query: Query, workspace: string, document: PipelineDocument): Promise<string> => {
  const id = uuidv7()
  await query(
    `insert into pipeline (workspace_id, id, name, revision, draft) values ($1, $2::text::uuid, $3, 1, $4::text::json)`,
    [workspace, id, document.name, writeJsonText(document)],
  )
  return id
}

export const readPipeline = async (
  query: Query,
  workspace: string,
  id: string,
): Promise<StoredPipeline | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await query<Row>(
    `select ${columns} from pipeline p where p.workspace_id = $1 and p.id = $2::text::uuid`,
    [workspace, id],
  )
  return row && toPipeline(row)
}

/** Pipelines of a workspace, the most recently saved first. */
export const listPipelines = async (
  query: Query,
  workspace: string,
  { limit = 50, cursor }: { limit?: number; cursor?: string } = {},
): Promise<{ items: StoredPipeline[]; next: string | null }> => {
  const [, changed, id] = cursorOf.exec(cursor ?? '') ?? []
  if (cursor !== undefined && !isUuid(id ?? '')) return { items: [], next: null }
  const rows = await query<Row & { micros: string }>(
    `select ${columns}, (extract(epoch from p.updated_at) * 1000000)::int8::text as micros from pipeline p
     where p.workspace_id = $1 and ($2::text is null or (p.updated_at, p.id) <
       (timestamptz 'epoch' + $2::text::int8 * interval '1 microsecond', $3::text::uuid))
     order by p.updated_at desc, p.id desc limit $4::int`,
    [workspace, changed ?? null, id ?? null, limit + 1],
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { items: page.map(toPipeline), next: last ? `${last.micros}-${last.id}` : null }
}

export type SaveResult =
  | { saved: true; revision: number }
  | { saved: false; reason: 'missing' }
  | { saved: false; reason: 'conflict'; revision: number }

/** Saves a draft if it was made from the current revision; otherwise tells which one is current. */
export const savePipeline = async (
  query: Query,
  workspace: string,
  id: string,
  revision: number,
  document: PipelineDocument,
): Promise<SaveResult> => {
  if (!isUuid(id)) return { saved: false, reason: 'missing' }
  const [saved] = await query<{ revision: number }>(
    `update pipeline set name = $4, draft = $5::text::json, revision = revision + 1, updated_at = now()
     where workspace_id = $1 and id = $2::text::uuid and revision = $3::int returning revision`,
    [workspace, id, revision, document.name, writeJsonText(document)],
  )
  if (saved) return { saved: true, revision: saved.revision }
  const [current] = await query<{ revision: number }>(
    `select revision from pipeline where workspace_id = $1 and id = $2::text::uuid`,
    [workspace, id],
  )
  return current
    ? { saved: false, reason: 'conflict', revision: current.revision }
    : { saved: false, reason: 'missing' }
}

/**
 * Removes a draft with its versions, files and hooks, unless a deployment serves it. Its runs stay, with their own snapshots.
 * `servedBy`: the names of the deployments that are in the way.
 */
export const deletePipeline = async (
  database: Database,
  workspace: string,
  id: string,
): Promise<{ deleted: boolean; servedBy: string[] }> => {
  if (!isUuid(id)) return { deleted: false, servedBy: [] }
  return database.transaction(async (query) => {
    // Locked first: who publishes this moment holds the draft, and who deploys one of its versions holds that version.
    const here = [workspace, id]
    await query(`select 1 as ok from pipeline where workspace_id = $1 and id = $2::text::uuid for update`, here)
    await query(
      `select 1 as ok from pipeline_version where workspace_id = $1 and pipeline_id = $2::text::uuid for update`,
      here,
    )
    const servedBy = await deploymentsOfPipeline(query, workspace, id)
    if (servedBy.length > 0) return { deleted: false, servedBy }
    for (const table of ['pipeline_version', 'pipeline_file', 'hook'])
      await query(`delete from ${table} where workspace_id = $1 and pipeline_id = $2::text::uuid`, here)
    const rows = await query(
      `delete from pipeline where workspace_id = $1 and id = $2::text::uuid returning 1 as ok`,
      here,
    )
    return { deleted: rows.length > 0, servedBy: [] }
  })
}

import type { FileManifest } from '../engine/run.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import type { Database, Query } from './database.ts'
import { readJsonText, writeJsonText } from './json-text.ts'
import { readManifest } from './pipeline-files.ts'
import { isUuid } from './uuid.ts'

export type StoredVersion = {
  version: number
  document: PipelineDocument
  files: FileManifest
  note: string | null
  publishedAt: string
}

/**
 * Publishes a document as the next version, with the pipeline's files as they are now. Two publishers at once get two
 * versions: the pipeline's row is locked meanwhile. Undefined when there is no such pipeline.
 */
export const publishVersion = (
  database: Database,
  workspace: string,
  id: string,
  document: PipelineDocument,
  note: string | null,
): Promise<number | undefined> =>
  database.transaction(async (query) => {
    if (!isUuid(id)) return undefined
    const [locked] = await query(
      `select 1 as ok from pipeline where workspace_id = $1 and id = $2::text::uuid for update`,
      [workspace, id],
    )
    if (!locked) return undefined
    const files = await readManifest(query, workspace, id)
    const [made] = await query<{ version: number }>(
      `insert into pipeline_version (workspace_id, pipeline_id, version, document, files, note)
       select $1, $2::text::uuid, 1 + coalesce(max(version), 0), $3::text::json, $4::text::json, $5::text from pipeline_version
       where workspace_id = $1 and pipeline_id = $2::text::uuid returning version`,
      [workspace, id, writeJsonText(document), writeJsonText(files), note],
    )
    return made?.version
  })

/** A published version, or the latest one. */
export const readVersion = async (
  query: Query,
  workspace: string,
  id: string,
  version: number | 'latest',
): Promise<StoredVersion | undefined> => {
  if (!isUuid(id)) return undefined
  const [row] = await query<{ version: number; document: string; files: string; note: string | null; published: Date }>(
    `select version, document::text as document, files::text as files, note, published_at as published from pipeline_version
     where workspace_id = $1 and pipeline_id = $2::text::uuid and ($3::int is null or version = $3::int)
     order by version desc limit 1`,
    [workspace, id, version === 'latest' ? null : version],
  )
  if (!row) return undefined
  return {
    version: row.version,
    document: readJsonText<PipelineDocument>(row.document),
    files: readJsonText<FileManifest>(row.files),
    note: row.note,
    publishedAt: row.published.toISOString(),
  }
}

/** All versions of a pipeline, the newest first, without their documents. */
export const listVersions = async (
  query: Query,
  workspace: string,
  id: string,
): Promise<Omit<StoredVersion, 'document' | 'files'>[]> => {
  if (!isUuid(id)) return []
  const rows = await query<{ version: number; note: string | null; published: Date }>(
    `select version, note, published_at as published from pipeline_version
     where workspace_id = $1 and pipeline_id = $2::text::uuid order by version desc`,
    [workspace, id],
  )
  return rows.map(({ version, note, published }) => ({ version, note, publishedAt: published.toISOString() }))
}

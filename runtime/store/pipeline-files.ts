import type { FileManifest } from '../engine/run.ts'
import type { Query } from './database.ts'

/** An uploaded file that a draft's resources may name. Its bytes are in the artifact store. */
export type StoredFile = { path: string; sha256: string; bytes: number }

/** Names bytes of the artifact store as a file of the pipeline; the same path again replaces it. */
export const putFile = async (query: Query, workspace: string, id: string, file: StoredFile): Promise<void> => {
  await query(
    `insert into pipeline_file (workspace_id, pipeline_id, path, sha256, bytes) values ($1, $2::text::uuid, $3, $4, $5::int8)
     on conflict (workspace_id, pipeline_id, path) do update set sha256 = excluded.sha256, bytes = excluded.bytes, created_at = now()`,
    [workspace, id, file.path, file.sha256, file.bytes],
  )
}

export const removeFile = async (query: Query, workspace: string, id: string, path: string): Promise<boolean> => {
  const rows = await query(
    `delete from pipeline_file where workspace_id = $1 and pipeline_id = $2::text::uuid and path = $3 returning 1 as ok`,
    [workspace, id, path],
  )
  return rows.length > 0
}

/** Gives a pipeline the files of another one. Their bytes are stored once. */
export const copyFiles = async (query: Query, workspace: string, from: string, to: string): Promise<void> => {
  await query(
    `insert into pipeline_file (workspace_id, pipeline_id, path, sha256, bytes)
     select workspace_id, $3::text::uuid, path, sha256, bytes from pipeline_file
     where workspace_id = $1 and pipeline_id = $2::text::uuid`,
    [workspace, from, to],
  )
}

export const listFiles = (query: Query, workspace: string, id: string): Promise<StoredFile[]> =>
  query<StoredFile>(
    `select path, sha256, bytes from pipeline_file where workspace_id = $1 and pipeline_id = $2::text::uuid order by path`,
    [workspace, id],
  )

/** The files of a draft as a run's snapshot takes them. */
export const readManifest = async (query: Query, workspace: string, id: string): Promise<FileManifest> =>
  Object.fromEntries((await listFiles(query, workspace, id)).map((file) => [file.path, file.sha256]))

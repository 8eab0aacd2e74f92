import type { Query } from './database.ts'
import type { FileArtifacts } from './file-artifacts.ts'

/** How long an artifact that nobody names yet is left alone, in ms: an upload before its run, a value before its flush. */
const grace = 24 * 3_600_000

/** Digests of everything that runs, drafts, versions, snapshots, jobs and tuned models need. */
const readNeeded = async (query: Query): Promise<Set<string>> => {
  const rows = await query<{ sha256: string }>(
    `select sha256 from run_artifact
     union select sha256 from pipeline_file
     union select value from pipeline_version, json_each_text(files)
     union select value from snapshot, json_each_text(files)
     union select value->>'sha256' from model_version, json_each(files)
     union select value->>'sha256' from job, json_each(inputs) where ended_at is null
     union select value->>'sha256' from job, json_each(checkpoint) where ended_at is null
     union select value->>'sha256' from job, json_each(outputs)`,
  )
  return new Set(rows.map((row) => row.sha256))
}

/** Removes the artifacts that nothing needs and that are older than a day; returns how many. */
export const sweepArtifacts = async (query: Query, artifacts: FileArtifacts, now = Date.now()): Promise<number> => {
  const before = new Date(now - grace)
  await artifacts.uploads.sweep(now)
  const needed = await readNeeded(query)
  return artifacts.sweep((sha256) => needed.has(sha256), before)
}

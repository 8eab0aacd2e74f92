import { uuidv7 } from 'uuidv7'
import { type DeploymentTarget, deploymentTarget } from '../dispatch/targets.ts'
import type { Database, Query } from './database.ts'
import { readJsonText, writeJsonText } from './json-text.ts'
import { parseTunedId } from './models.ts'

export type DeploymentRevision = {
  revision: number
  target: DeploymentTarget
  note: string | null
  run: string | null
  createdAt: string
}
export type Deployment = {
  name: string
  /** The live one. */
  revision: number
  target: DeploymentTarget
  updatedAt: string
  /** The newest first. */
  revisions: DeploymentRevision[]
}
export const deploymentName = /^[a-z0-9][a-z0-9-]{0,62}$/

type NewRevision = {
  name: string
  target: DeploymentTarget
  note: string | null
  run: string | null
  /** The step or call that asks: the same one makes one revision, however often it asks. */
  key: string
}

const revisionOfKey = async (query: Query, workspace: string, key: string) => {
  const [row] = await query<{ name: string; revision: number }>(
    `select d.name, r.revision from deployment_revision r join deployment d
       on d.workspace_id = r.workspace_id and d.id = r.deployment_id where r.workspace_id = $1 and r.key = $2`,
    [workspace, key],
  )
  return row
}

/** Whether what a target names is there. A tuned model's row is locked, so that nobody deletes it meanwhile. */
const targetExists = async (query: Query, workspace: string, target: DeploymentTarget): Promise<boolean> => {
  if (target.kind === 'pipeline') {
    const rows = await query(
      `select 1 as ok from pipeline_version where workspace_id = $1 and pipeline_id::text = $2 and version = $3::int for share`,
      [workspace, target.pipeline, target.version],
    )
    return rows.length > 0
  }
  const tuned = parseTunedId(target.model)
  if (!tuned) return !target.model.startsWith('tuned:')
  const rows = await query(
    `select 1 as ok from model m join model_version v on v.workspace_id = m.workspace_id and v.model_id = m.id
     where m.workspace_id = $1 and m.name = $2 and v.version = $3::int and v.files::text <> '{}' for share of m`,
    [workspace, tuned.name, tuned.version],
  )
  return rows.length > 0
}

/** Makes the next revision of a deployment live, and the deployment if it is new. Undefined: its target is not there. */
export const deploy = (
  database: Database,
  workspace: string,
  { name, target, note, run, key }: NewRevision,
): Promise<{ name: string; revision: number } | undefined> =>
  database.transaction(async (query) => {
    const before = await revisionOfKey(query, workspace, key)
    if (before) return before
    if (!(await targetExists(query, workspace, target))) return undefined
    await query(
      `insert into deployment (workspace_id, id, name, revision) values ($1, $2::text::uuid, $3, 1)
       on conflict (workspace_id, name) do nothing`,
      [workspace, uuidv7(), name],
    )
    const [row] = await query<{ id: string }>(
      `select id from deployment where workspace_id = $1 and name = $2 for update`,
      [workspace, name],
    )
    // Whoever asked with the same key at the same time has committed by now.
    const meanwhile = await revisionOfKey(query, workspace, key)
    if (meanwhile) return meanwhile
    const [made] = await query<{ revision: number }>(
      `insert into deployment_revision (workspace_id, deployment_id, revision, target, note, run_id, key)
       select $1, $2::text::uuid, 1 + coalesce(max(revision), 0), $3::text::json, $4, $5::text::uuid, $6
       from deployment_revision where workspace_id = $1 and deployment_id = $2::text::uuid returning revision`,
      [workspace, row?.id, writeJsonText(target), note, run, key],
    )
    const revision = made?.revision as number
    await query(
      `update deployment set revision = $3::int, updated_at = now() where workspace_id = $1 and id = $2::text::uuid`,
      [workspace, row?.id, revision],
    )
    return { name, revision }
  })

/** Makes a revision that is there live again. `gone`: the model or version that it serves was deleted. */
export const goLive = (
  database: Database,
  workspace: string,
  name: string,
  revision: number,
): Promise<'done' | 'missing' | 'no-revision' | 'gone'> =>
  database.transaction(async (query) => {
    const [row] = await query<{ id: string; target: string | null }>(
      `select d.id, (select r.target::text from deployment_revision r where r.workspace_id = d.workspace_id
         and r.deployment_id = d.id and r.revision = $3::int) as target
       from deployment d where d.workspace_id = $1 and d.name = $2 for update`,
      [workspace, name, revision],
    )
    if (!row) return 'missing'
    if (row.target === null) return 'no-revision'
    if (!(await targetExists(query, workspace, readTarget(row.target)))) return 'gone'
    await query(
      `update deployment set revision = $3::int, updated_at = now() where workspace_id = $1 and id = $2::text::uuid`,
      [workspace, row.id, revision],
    )
    return 'done'
  })

/** Rows are ours, but an older program wrote them: parsed, so that a wrong one is seen here and not in a call. */
const readTarget = (text: string): DeploymentTarget => deploymentTarget.parse(readJsonText(text))

type Row = { id: string; name: string; revision: number; updated: Date }
type RevisionRow = {
  id: string
  revision: number
  target: string
  note: string | null
  run: string | null
  created: Date
}

const withRevisions = async (query: Query, workspace: string, rows: Row[]): Promise<Deployment[]> => {
  const revisions = await query<RevisionRow>(
    `select deployment_id as id, revision, target::text as target, note, run_id as run, created_at as created
     from deployment_revision where workspace_id = $1
       and deployment_id::text in (select json_array_elements_text($2::text::json)) order by revision desc`,
    [workspace, JSON.stringify(rows.map(({ id }) => id))],
  )
  return rows.map(({ id, name, revision, updated }) => {
    const own = revisions
      .filter((one) => one.id === id)
      .map(({ id: _, target, created, ...rest }) => ({
        ...rest,
        target: readTarget(target),
        createdAt: created.toISOString(),
      }))
    const live = own.find((one) => one.revision === revision)
    // The live revision is written in the transaction that names it, and revisions are deleted with their deployment only.
    return {
      name,
      revision,
      target: live?.target as DeploymentTarget,
      updatedAt: updated.toISOString(),
      revisions: own,
    }
  })
}

/** Deployments by name. The cursor is a name. */
export const listDeployments = async (
  query: Query,
  workspace: string,
  { limit = 50, cursor }: { limit?: number; cursor?: string } = {},
): Promise<{ items: Deployment[]; next: string | null }> => {
  const rows = await query<Row>(
    `select id, name, revision, updated_at as updated from deployment
     where workspace_id = $1 and ($2::text is null or name > $2) order by name limit $3::int`,
    [workspace, cursor ?? null, limit + 1],
  )
  const page = rows.slice(0, limit)
  return {
    items: await withRevisions(query, workspace, page),
    next: rows.length > limit ? (page.at(-1)?.name ?? null) : null,
  }
}

export const readDeployment = async (
  query: Query,
  workspace: string,
  name: string,
): Promise<Deployment | undefined> => {
  const rows = await query<Row>(
    `select id, name, revision, updated_at as updated from deployment where workspace_id = $1 and name = $2`,
    [workspace, name],
  )
  return (await withRevisions(query, workspace, rows))[0]
}

/** What a name serves now: one look-up, for calls. */
export const findTarget = async (
  query: Query,
  workspace: string,
  name: string,
): Promise<{ revision: number; target: DeploymentTarget } | undefined> => {
  const [row] = await query<{ revision: number; target: string }>(
    `select d.revision, r.target::text as target from deployment d join deployment_revision r
       on r.workspace_id = d.workspace_id and r.deployment_id = d.id and r.revision = d.revision
     where d.workspace_id = $1 and d.name = $2`,
    [workspace, name],
  )
  return row && { revision: row.revision, target: readTarget(row.target) }
}

/** Names of the deployments whose live revision serves a pipeline. */
/** Names of those whose live revision serves a pipeline. */
export const deploymentsOfPipeline = async (query: Query, workspace: string, pipeline: string): Promise<string[]> =>
  (
    await query<{ name: string }>(
      `select d.name from deployment d join deployment_revision r
         on r.workspace_id = d.workspace_id and r.deployment_id = d.id and r.revision = d.revision
       where d.workspace_id = $1 and r.target->>'pipeline' = $2 order by d.name`,
      [workspace, pipeline],
    )
  ).map((row) => row.name)

export const deleteDeployment = (database: Database, workspace: string, name: string): Promise<boolean> =>
  database.transaction(async (query) => {
    const [row] = await query<{ id: string }>(
      `delete from deployment where workspace_id = $1 and name = $2 returning id`,
      [workspace, name],
    )
    if (!row) return false
    await query(`delete from deployment_revision where workspace_id = $1 and deployment_id = $2::text::uuid`, [
      workspace,
      row.id,
    ])
    return true
  })

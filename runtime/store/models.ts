import { uuidv7 } from 'uuidv7'
import type { TunedModel } from '#nodes/define.ts'
import type { Artifact } from '#nodes/ports.ts'
import type { Database, Query } from './database.ts'
import { readJsonText, writeJsonText } from './json-text.ts'

/** A version of a model that was tuned here, with all that says where it comes from. Never changed once it is kept. */
export type TunedVersion = {
  /** `tuned:<name>@<version>` */
  id: string
  name: string
  version: number
  base: string
  form: 'adapter' | 'whole'
  files: Record<string, Artifact>
  dataDigest: string
  settings: Record<string, unknown>
  metrics: Record<string, unknown>
  job: string
  run: string | null
  createdAt: string
}

export const modelName = /^[a-z0-9][a-z0-9-]{0,62}$/
const tunedId = /^tuned:([a-z0-9][a-z0-9-]{0,62})@([1-9]\d{0,8})$/

/** `tuned:tickets@2` taken apart; undefined for what is no id of a tuned model. */
export const parseTunedId = (id: string): { name: string; version: number } | undefined => {
  const [, name, version] = tunedId.exec(id) ?? []
  return name === undefined ? undefined : { name, version: Number(version) }
}
export const tunedIdOf = (name: string, version: number): string => `tuned:${name}@${version}`

type Row = {
  name: string
  version: number
  base: string
  form: 'adapter' | 'whole'
  files: string
  digest: string
  settings: string
  metrics: string
  job: string
  run: string | null
  created: Date
}
const columns = `m.name, v.version, v.base, v.form, v.files::text as files, v.data_digest as digest,
  v.settings::text as settings, v.metrics::text as metrics, v.job_id as job, v.run_id as run, v.created_at as created`
const joined = 'model_version v join model m on m.workspace_id = v.workspace_id and m.id = v.model_id'
/** A deleted version keeps its row without files: its number is never given to another model. */
const here = `v.files::text <> '{}'`

const toVersion = ({ digest, created, files, settings, metrics, ...row }: Row): TunedVersion => ({
  ...row,
  id: tunedIdOf(row.name, row.version),
  files: readJsonText(files),
  settings: readJsonText(settings),
  metrics: readJsonText(metrics),
  dataDigest: digest,
  createdAt: created.toISOString(),
})

const versionOfJob = async (query: Query, workspace: string, job: string) => {
  const [row] = await query<{ name: string; version: number }>(
    `select m.name, v.version from ${joined} where v.workspace_id = $1 and v.job_id = $2::text::uuid`,
    [workspace, job],
  )
  return row
}

/** The id of the model with this name, made if it is new, its row locked: versions are counted one at a time. */
const lockModel = async (query: Query, workspace: string, name: string): Promise<string> => {
  await query(
    `insert into model (workspace_id, id, name) values ($1, $2::text::uuid, $3) on conflict (workspace_id, name) do nothing`,
    [workspace, uuidv7(), name],
  )
  const [row] = await query<{ id: string }>(`select id from model where workspace_id = $1 and name = $2 for update`, [
    workspace,
    name,
  ])
  return row?.id as string
}

/** Keeps a tuned model as the next version of its name. A job makes one version, however often it is kept. */
export const keepModel = (
  database: Database,
  workspace: string,
  model: TunedModel,
  run: string | null,
): Promise<{ name: string; version: number }> =>
  database.transaction(async (query) => {
    const before = await versionOfJob(query, workspace, model.job)
    if (before) return before
    const id = await lockModel(query, workspace, model.name)
    // Whoever kept the same job at the same time has committed by now.
    const meanwhile = await versionOfJob(query, workspace, model.job)
    if (meanwhile) return meanwhile
    const [made] = await query<{ version: number }>(
      `insert into model_version (workspace_id, model_id, version, base, form, files, data_digest, settings, metrics, job_id, run_id)
       select $1, $2::text::uuid, 1 + coalesce(max(version), 0), $3, $4, $5::text::json, $6, $7::text::json, $8::text::json,
         $9::text::uuid, $10::text::uuid
       from model_version where workspace_id = $1 and model_id = $2::text::uuid returning version`,
      [
        workspace,
        id,
        model.base,
        model.form,
        writeJsonText(model.files),
        model.dataDigest,
        writeJsonText(model.settings),
        writeJsonText(model.metrics),
        model.job,
        run,
      ],
    )
    return { name: model.name, version: made?.version as number }
  })

/** A version by its id, `tuned:<name>@<version>`. */
export const readTuned = async (query: Query, workspace: string, id: string): Promise<TunedVersion | undefined> => {
  const parsed = parseTunedId(id)
  if (!parsed) return undefined
  const [row] = await query<Row>(
    `select ${columns} from ${joined} where m.workspace_id = $1 and m.name = $2 and v.version = $3::int and ${here}`,
    [workspace, parsed.name, parsed.version],
  )
  return row && toVersion(row)
}

/** Models by name, each with its versions, the newest first. The cursor is a name. */
export const listTuned = async (
  query: Query,
  workspace: string,
  { limit = 50, cursor }: { limit?: number; cursor?: string } = {},
): Promise<{ items: { name: string; versions: TunedVersion[] }[]; next: string | null }> => {
  const names = await query<{ name: string }>(
    `select name from model m where workspace_id = $1 and ($2::text is null or name > $2)
       and exists (select 1 from model_version v where v.workspace_id = $1 and v.model_id = m.id and ${here})
     order by name limit $3::int`,
    [workspace, cursor ?? null, limit + 1],
  )
  const page = names.slice(0, limit).map(({ name }) => name)
  const rows = await query<Row>(
    `select ${columns} from ${joined} where m.workspace_id = $1 and ${here}
       and m.name in (select json_array_elements_text($2::text::json)) order by m.name, v.version desc`,
    [workspace, JSON.stringify(page)],
  )
  const versions = rows.map(toVersion)
  return {
    items: page.map((name) => ({ name, versions: versions.filter((one) => one.name === name) })),
    next: names.length > limit ? (page.at(-1) ?? null) : null,
  }
}

/** Ids of all versions, for lists to pick from. */
export const listTunedIds = async (query: Query, workspace: string): Promise<string[]> =>
  (
    await query<{ name: string; version: number }>(
      `select m.name, v.version from ${joined} where m.workspace_id = $1 and ${here}
       order by m.name, v.version desc`,
      [workspace],
    )
  ).map(({ name, version }) => tunedIdOf(name, version))

/**
 * Names of live deployments that serve a version of this model: by itself, or in a node of the pipeline version that they
 * serve. `like` needs no escapes: names hold none of its signs.
 */
const servedBy = async (query: Query, workspace: string, name: string): Promise<string[]> =>
  (
    await query<{ name: string }>(
      `select d.name from deployment d join deployment_revision r
         on r.workspace_id = d.workspace_id and r.deployment_id = d.id and r.revision = d.revision
       left join pipeline_version p on p.workspace_id = d.workspace_id
         and p.pipeline_id::text = r.target->>'pipeline' and p.version = (r.target->>'version')::int
       where d.workspace_id = $1 and (r.target->>'model' like $2 || '%' or p.document::text like '%"' || $2 || '%')
       order by d.name`,
      [workspace, `tuned:${name}@`],
    )
  ).map((row) => row.name)

/** Removes all versions of a model, unless a deployment serves one of them. Their files go with a later sweep. */
export const deleteModel = (
  database: Database,
  workspace: string,
  name: string,
): Promise<{ deleted: boolean; usedBy: string[] }> =>
  database.transaction(async (query) => {
    const [row] = await query<{ id: string }>(`select id from model where workspace_id = $1 and name = $2 for update`, [
      workspace,
      name,
    ])
    if (!row) return { deleted: false, usedBy: [] }
    const usedBy = await servedBy(query, workspace, name)
    if (usedBy.length > 0) return { deleted: false, usedBy }
    const gone = await query(
      `update model_version v set files = '{}' where workspace_id = $1 and model_id = $2::text::uuid and ${here}
       returning 1 as ok`,
      [workspace, row.id],
    )
    return { deleted: gone.length > 0, usedBy: [] }
  })

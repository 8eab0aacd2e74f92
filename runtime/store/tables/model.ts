import { index, integer, json, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment, workspaceId } from './columns.ts'

/** A model that was tuned here, by name: `tuned:<name>@<version>`. */
export const model = pgTable(
  'model',
  { workspaceId: workspaceId(), id: uuid().notNull(), name: text().notNull(), createdAt: createdAt() },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('model_name').on(table.workspaceId, table.name),
  ],
)

/** Never changed: where it comes from and the files that it is made of. */
export const modelVersion = pgTable(
  'model_version',
  {
    workspaceId: workspaceId(),
    modelId: uuid('model_id').notNull(),
    version: integer().notNull(),
    /** The model that it was tuned from, such as `local:tiny`. */
    base: text().notNull(),
    /** `adapter` or `whole`. */
    form: text().notNull(),
    /** Artifacts by file name: a PEFT folder or a whole model, and its GGUF. */
    files: json().notNull(),
    /** SHA-256 of the rows that it was trained on. */
    dataDigest: text('data_digest').notNull(),
    /** The settings of its training. */
    settings: json().notNull(),
    /** What training reported at its end. */
    metrics: json().notNull(),
    /** The job that made it: the same job never makes two versions. */
    jobId: uuid('job_id').notNull(),
    runId: uuid('run_id'),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.modelId, table.version] }),
    uniqueIndex('model_version_of_job').on(table.workspaceId, table.jobId),
  ],
)

/** A stable name that serves a pipeline version or a model. `revision` is the live one. */
export const deployment = pgTable(
  'deployment',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    name: text().notNull(),
    revision: integer().notNull(),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('deployment_name').on(table.workspaceId, table.name),
  ],
)

/** Never changed; going back makes no new one but points `deployment.revision` at an older one. */
export const deploymentRevision = pgTable(
  'deployment_revision',
  {
    workspaceId: workspaceId(),
    deploymentId: uuid('deployment_id').notNull(),
    revision: integer().notNull(),
    /** `deploymentTarget` of runtime/dispatch/targets.ts: a model, or a version of a pipeline and the fields that carry the chat. */
    target: json().notNull(),
    note: text(),
    runId: uuid('run_id'),
    /** The step or call that made it: made once, however often it runs. */
    key: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.deploymentId, table.revision] }),
    uniqueIndex('deployment_revision_key').on(table.workspaceId, table.key),
    index('deployment_revision_run').on(table.runId),
  ],
)

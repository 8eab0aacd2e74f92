import { index, json, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, moment, workspaceId } from './columns.ts'

/** Sealed values, by name. The seal is bound to workspace and id, so a row copied elsewhere does not open. */
export const secret = pgTable(
  'secret',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    name: text().notNull(),
    sealed: bytea().notNull(),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('secret_name').on(table.workspaceId, table.name),
  ],
)

/** Webhooks. The secret signs or authorises requests; it is sealed, not hashed, because signatures need it. */
export const hook = pgTable(
  'hook',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    name: text().notNull(),
    pipelineId: uuid('pipeline_id').notNull(),
    /** `latest` or a number. */
    version: text().notNull(),
    mode: text().notNull(),
    auth: text().notNull(),
    sealed: bytea(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    // A hook is called by its name alone (`POST /hooks/:name`), before any workspace is known.
    uniqueIndex('hook_name').on(table.name, table.workspaceId),
    index('hook_of_pipeline').on(table.workspaceId, table.pipelineId),
  ],
)

/** Only digests of the tokens are kept. */
export const apiKey = pgTable(
  'api_key',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    name: text().notNull(),
    digest: bytea().notNull(),
    scope: text().notNull(),
    /** Of a `serve` key: the deployments and models that it may call; null for all. */
    only: json(),
    createdAt: createdAt(),
    usedAt: moment('used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('api_key_digest').on(table.digest, table.workspaceId),
  ],
)

/** Signed-in browsers. */
export const session = pgTable(
  'session',
  {
    workspaceId: workspaceId(),
    digest: bytea().notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.digest, table.workspaceId] }), index('session_age').on(table.expiresAt)],
)

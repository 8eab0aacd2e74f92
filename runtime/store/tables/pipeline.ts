import { bigint, index, integer, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment, workspaceId } from './columns.ts'

/** The draft. Documents are `json`, never `jsonb`: jsonb sorts keys, and the order of fields is the order of ports. */
export const pipeline = pgTable(
  'pipeline',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    name: text().notNull(),
    /** Counts the saves; a save names the revision that it was made from. */
    revision: integer().notNull(),
    draft: json().notNull(),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('pipeline_recent').on(table.workspaceId, table.updatedAt, table.id),
  ],
)

/** Published, never changed. */
export const pipelineVersion = pgTable(
  'pipeline_version',
  {
    workspaceId: workspaceId(),
    pipelineId: uuid('pipeline_id').notNull(),
    version: integer().notNull(),
    document: json().notNull(),
    /** Digests of the files as they were, by path. */
    files: json().notNull(),
    note: text(),
    publishedAt: moment('published_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.pipelineId, table.version] })],
)

/** Uploaded files that a draft's resources may name. The bytes are in the artifact store. */
export const pipelineFile = pgTable(
  'pipeline_file',
  {
    workspaceId: workspaceId(),
    pipelineId: uuid('pipeline_id').notNull(),
    path: text().notNull(),
    sha256: text().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.pipelineId, table.path] })],
)

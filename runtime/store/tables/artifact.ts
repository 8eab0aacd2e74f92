import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { createdAt, workspaceId } from './columns.ts'

/** What is known of stored bytes; the bytes are files named by their digest. */
export const artifact = pgTable(
  'artifact',
  {
    workspaceId: workspaceId(),
    sha256: text().notNull(),
    mime: text().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    name: text(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.sha256] })],
)

/** Who needs an artifact: a run, a pipeline's file, a version. What nobody names is swept after a day's grace. */
export const artifactReference = pgTable(
  'artifact_reference',
  {
    workspaceId: workspaceId(),
    sha256: text().notNull(),
    holderKind: text('holder_kind').notNull(),
    holderId: text('holder_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.sha256, table.holderKind, table.holderId] }),
    index('artifact_reference_holder').on(table.workspaceId, table.holderKind, table.holderId),
  ],
)

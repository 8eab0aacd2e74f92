import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { workspaceId } from './columns.ts'

/**
 * The artifacts that a run's values consist of or mention, partitioned with the runs. Together with pipelines' files it
 * says what is still needed; the bytes are files named by their digest, and what nobody names is swept.
 */
export const runArtifact = pgTable(
  'run_artifact',
  {
    runId: uuid('run_id').notNull(),
    workspaceId: workspaceId(),
    sha256: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.sha256, table.workspaceId] })],
)

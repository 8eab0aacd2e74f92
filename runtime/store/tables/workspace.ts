import { pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** Who owns everything else. A local installation has one, `local`. */
export const workspace = pgTable('workspace', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** The sequence that numbers this workspace's runs: a counter row would make flushes wait for each other's fsync. */
  runSequence: text('run_sequence').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
})

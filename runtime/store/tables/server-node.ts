import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'

/** A process that may own runs. Every flush holds this row `FOR SHARE`; whoever marks it dead waits for the flush. */
export const serverNode = pgTable('server_node', {
  id: uuid().primaryKey(),
  epoch: integer().notNull(),
  alive: boolean().notNull(),
  /** Where other processes reach it, for events and cancels of the runs that it owns. */
  url: text(),
  host: text().notNull(),
  pid: integer().notNull(),
  startedAt: moment('started_at').notNull().defaultNow(),
})

/** Apart from `server_node`, so that heartbeats do not queue behind the flushes' locks. */
export const serverBeat = pgTable('server_beat', {
  id: uuid().primaryKey(),
  at: moment('at').notNull().defaultNow(),
  /** Runs it held without a step in flight (a backoff, a timer): a crash is not their doing. */
  idle: uuid().array().notNull().default([]),
})

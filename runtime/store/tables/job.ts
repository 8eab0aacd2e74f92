import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, moment, workspaceId } from './columns.ts'

/**
 * A unit of remote work. A worker holds it by a lease: `(id, attempt)`. Whoever comes with an older attempt is refused, so
 * that a worker which was believed lost can change nothing.
 */
export const job = pgTable(
  'job',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    /** Root run, node and item path: a step that runs again attaches to the job it made. */
    key: text().notNull(),
    runId: uuid('run_id'),
    node: text(),
    kind: text().notNull(),
    spec: json().notNull(),
    /** Artifacts by name. */
    inputs: json().notNull(),
    /** What a worker must have: `jobNeeds` of runtime/dispatch/protocol.ts. */
    needs: json().notNull(),
    /** Jobs of one tenant take turns with those of others. */
    tenant: text().notNull(),
    priority: smallint().notNull().default(0),
    /** queued, leased, succeeded, failed, cancelled. */
    state: text().notNull(),
    /** Counts the leases. */
    attempt: integer().notNull().default(0),
    /** Leases that ended without an end: what counts against the limit. Progress starts the count anew. */
    losses: smallint().notNull().default(0),
    workerId: uuid('worker_id'),
    leaseUntil: moment('lease_until'),
    cancelled: boolean('cancel_requested').notNull().default(false),
    /** The newest that the worker said: `{fraction, note, metrics, secondsLeft}`. */
    progress: json(),
    /** Artifacts by name, to go on from on another machine. */
    checkpoint: json(),
    outputs: json(),
    summary: json(),
    error: json(),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('job_key').on(table.workspaceId, table.key),
    index('job_queued').on(table.workspaceId, table.priority.desc(), table.id).where(sql`state = 'queued'`),
    index('job_leased').on(table.leaseUntil).where(sql`state = 'leased'`),
    index('job_recent').on(table.workspaceId, table.id),
  ],
)

/** What a worker reported, numbered by it per attempt: the same report twice is one. */
export const jobEvent = pgTable(
  'job_event',
  {
    workspaceId: workspaceId(),
    jobId: uuid('job_id').notNull(),
    attempt: integer().notNull(),
    number: integer().notNull(),
    event: json().notNull(),
    at: moment('at').notNull().defaultNow(),
    /** Orders the events of all attempts for those who follow. */
    seq: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.jobId, table.attempt, table.number] }),
    index('job_event_order').on(table.workspaceId, table.jobId, table.seq),
  ],
)

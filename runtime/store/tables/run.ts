import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, moment, workspaceId } from './columns.ts'

/** What runs executed: the document and its files, once per content, so that a busy webhook does not write it per run. */
export const snapshot = pgTable(
  'snapshot',
  {
    workspaceId: workspaceId(),
    /** SHA-256 over document and files. */
    digest: text().notNull(),
    document: json().notNull(),
    files: json().notNull(),
    createdAt: createdAt(),
    /** Refreshed at most daily by starts; retention removes what has not been used for longer than runs are kept. */
    usedAt: moment('used_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.digest] })],
)

/**
 * `run`, `run_step` and `run_source` are range-partitioned by run id: a UUIDv7 begins with its milliseconds, so a range
 * of ids is a range of time, and retention is dropping a partition. Values are `json`: it keeps the order of keys and
 * is stored as it came (jsonb costs a second parse in the flush, and nothing here searches inside values).
 */
export const run = pgTable(
  'run',
  {
    id: uuid().notNull(),
    workspaceId: workspaceId(),
    number: bigint({ mode: 'number' }).notNull(),
    /** Null for a file run by the command line. */
    pipelineId: uuid('pipeline_id'),
    name: text().notNull(),
    version: integer(),
    trigger: text().notNull(),
    snapshot: text().notNull(),
    input: json().notNull(),
    output: json(),
    error: json(),
    usage: json(),
    status: text().notNull(),
    /** The process that executes it; null while queued. */
    owner: uuid(),
    /** Raised by every claim; a row written under an older epoch is refused. */
    runEpoch: integer('run_epoch').notNull(),
    priority: smallint().notNull().default(0),
    /** Take-overs in a row that found a step in flight and no progress: what counts against the recovery limit. */
    recoveries: smallint().notNull().default(0),
    /** How far the journal was at the last take-over: progress since then starts the count anew. */
    recoveredSeq: integer('recovered_seq').notNull().default(0),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
    endSeq: integer('end_seq'),
  },
  (table) => [
    // The id first: the flush knows a run by its id alone.
    primaryKey({ columns: [table.id, table.workspaceId] }),
    index('run_of_pipeline').on(table.workspaceId, table.pipelineId, table.id),
    index('run_owned').on(table.owner).where(sql`ended_at is null`),
    index('run_queued').on(table.priority.desc(), table.id).where(sql`status = 'queued'`),
  ],
)

/** The journal: one row per step, or per item of a mapped node. Never changed once written. */
export const runStep = pgTable(
  'run_step',
  {
    runId: uuid('run_id').notNull(),
    workspaceId: workspaceId(),
    node: text().notNull(),
    /** Item position, outermost first; empty for a plain node. */
    path: integer().array().notNull(),
    status: text().notNull(),
    attempt: smallint().notNull(),
    startedAt: moment('started_at'),
    ms: doublePrecision().notNull(),
    outputs: json(),
    error: json(),
    usage: json(),
    /** How it came about, if not by running: cached, pinned, or why it was skipped. */
    mark: text(),
    seq: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.node, table.path, table.workspaceId] })],
)

/** Items of a map's source, written before any of them is dispatched. */
export const runSource = pgTable(
  'run_source',
  {
    runId: uuid('run_id').notNull(),
    workspaceId: workspaceId(),
    node: text().notNull(),
    path: integer().array().notNull(),
    /** Position of the first item. */
    first: integer().notNull(),
    items: json().notNull(),
    last: boolean().notNull(),
    seq: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.node, table.path, table.first, table.workspaceId] })],
)

/** Which run a trigger's key became; kept for 7 days. */
export const idempotency = pgTable(
  'idempotency',
  {
    workspaceId: workspaceId(),
    trigger: text().notNull(),
    key: text().notNull(),
    bodyDigest: text('body_digest').notNull(),
    runId: uuid('run_id').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.trigger, table.key] }),
    index('idempotency_age').on(table.createdAt),
  ],
)

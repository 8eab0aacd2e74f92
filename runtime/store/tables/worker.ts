import { index, json, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, moment, workspaceId } from './columns.ts'

/** A machine that offers compute. What it has and does is in `offer` and `beat`, as the worker last said. */
export const worker = pgTable(
  'worker',
  {
    workspaceId: workspaceId(),
    id: uuid().notNull(),
    name: text().notNull(),
    /** Of the token that the worker sends; only digests are kept. */
    digest: bytea().notNull(),
    /** Sealed like a secret: what the server sends to the worker's engines. Null while it has none. */
    engineToken: bytea('engine_token'),
    /** Url, engines, devices, capabilities, version: `workerOffer` of runtime/dispatch/protocol.ts. */
    offer: json(),
    /** State, load and models: `workerBeat` of runtime/dispatch/protocol.ts. */
    beat: json(),
    /** A person's wish: takes nothing new. */
    drained: moment('drained_at'),
    createdAt: createdAt(),
    /** When it was last heard, by the database's clock. */
    seenAt: moment('seen_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('worker_digest').on(table.digest, table.workspaceId),
  ],
)

/** One-time tokens that let a worker in. */
export const workerEnrolment = pgTable(
  'worker_enrolment',
  {
    workspaceId: workspaceId(),
    digest: bytea().notNull(),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.digest] }),
    index('worker_enrolment_age').on(table.expiresAt),
  ],
)

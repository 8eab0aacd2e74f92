import postgres from 'postgres'
import { arrayTypes } from './array-values.ts'
import type { Database, Query } from './database.ts'
import { asDatabaseError } from './database-error.ts'
import { parseBigint, parseBytes, typeIds, writeJson } from './row-types.ts'
import { transactionGuard } from './transaction-guard.ts'

/** Parsers and writers that make postgres.js agree with the embedded driver. */
const types = {
  ...arrayTypes(parseBigint),
  bigint: { to: typeIds.bigint, from: [typeIds.bigint], serialize: String, parse: parseBigint },
  // As shipped it stringifies text once more, and '{"a":1}' arrives as a JSON string.
  json: {
    to: typeIds.json,
    from: [typeIds.json, typeIds.jsonb],
    serialize: writeJson,
    parse: (text: string): unknown => JSON.parse(text),
  },
  bytes: {
    to: typeIds.bytea,
    from: [typeIds.bytea],
    serialize: (value: Uint8Array) => `\\x${Buffer.from(value).toString('hex')}`,
    parse: parseBytes,
  },
}

/** Opens a pool on a PostgreSQL server. Nothing is connected until the first query. */
export const openPostgres = (url: string): Database => {
  const sql = postgres(url, {
    // Three flushes, a heartbeat, a listener and reads; a server shared by several processes has 100 connections.
    max: 10,
    prepare: true,
    // Seconds: a start must be refused within 2 s when nobody answers.
    connect_timeout: 2,
    backoff: (attempt: number) => Math.min(1, 0.05 * 2 ** attempt),
    idle_timeout: 0,
    onnotice: () => undefined,
    fetch_types: false,
    types,
    connection: {
      application_name: 'patchbay',
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      // A start is acknowledged only when it is on disk, whatever the server's default says.
      synchronous_commit: 'on',
    } as Record<string, string | number>,
  })
  const guard = transactionGuard()
  const queryOn =
    (on: Pick<typeof sql, 'unsafe'>): Query =>
    async <Row extends Record<string, unknown>>(text: string, params: readonly unknown[] = []) => {
      try {
        // `unsafe` is postgres.js's name for SQL as text; the parameters travel apart from it.
        const rows = await on.unsafe<Row[]>(text, params as never[], { prepare: params.length > 0 })
        return Array.from(rows) as Row[]
      } catch (error) {
        throw asDatabaseError(error)
      }
    }
  const plain = queryOn(sql)
  return {
    driver: 'postgres',
    query: (text, params) => {
      guard.check()
      return plain(text, params)
    },
    transaction: async (work) => {
      guard.check()
      try {
        // postgres.js unwraps arrays of promises in results; a box keeps `work`'s result as it is.
        const box = await sql.begin(async (inner) => ({ result: await guard.enter(() => work(queryOn(inner))) }))
        return box.result
      } catch (error) {
        throw asDatabaseError(error)
      }
    },
    listen: async (channel, heard) => {
      const { unlisten } = await sql.listen(channel, heard)
      return unlisten
    },
    close: () => sql.end({ timeout: 5 }),
  }
}

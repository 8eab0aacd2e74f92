import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database, Query } from './database.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))
type Entry = { tag: string }

const readEntries = async (): Promise<Entry[]> => {
  const journal: { entries: Entry[] } = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'))
  return journal.entries
}

const readApplied = async (query: Query): Promise<Set<string>> => {
  const rows = await query<{ tag: string }>('select tag from patchbay_migration')
  return new Set(rows.map((row) => row.tag))
}

/** Weeks of partitions that exist ahead of time; the daily upkeep renews them. */
export const partitionsAhead = 3

const apply = async (query: Query, tag: string): Promise<void> => {
  const text = await readFile(join(folder, `${tag}.sql`), 'utf8')
  for (const statement of text.split('--> statement-breakpoint')) if (statement.trim()) await query(statement)
  await query('insert into patchbay_migration (tag) values ($1)', [tag])
}

/**
 * Brings the tables up to date, all migrations in one transaction: either the new program's tables are there or the old
 * ones. Processes that start together on one server take turns by an advisory lock.
 */
export const migrate = async (database: Database): Promise<void> => {
  const entries = await readEntries()
  const known = new Set(entries.map((entry) => entry.tag))
  await database.transaction(async (query) => {
    if (database.driver === 'postgres') {
      await query('set local statement_timeout = 0')
      await query(`select pg_advisory_xact_lock(hashtext('patchbay migrations'))`)
    }
    await query(
      'create table if not exists patchbay_migration (tag text primary key, applied_at timestamptz not null default now())',
    )
    const applied = await readApplied(query)
    const newer = [...applied].filter((tag) => !known.has(tag))
    if (newer.length > 0)
      throw new Error(
        `The database was migrated by a newer Patchbay (${newer.join(', ')}). Start that version, or restore a backup made before it.`,
      )
    for (const { tag } of entries) if (!applied.has(tag)) await apply(query, tag)
    await query(`select ensure_run_partitions(now() - interval '1 week', $1)`, [partitionsAhead + 1])
  })
}

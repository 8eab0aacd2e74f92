import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database, Query } from './database.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))
type Migration = { tag: string; text: string; digest: string }

const readMigrations = async (): Promise<Migration[]> => {
  const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'))
  return Promise.all(
    journal.entries.map(async ({ tag }) => {
      const text = await readFile(join(folder, `${tag}.sql`), 'utf8')
      return { tag, text, digest: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

const readApplied = async (query: Query): Promise<Map<string, string | null>> => {
  await query(
    'create table if not exists patchbay_migration (tag text primary key, digest text, applied_at timestamptz not null default now())',
  )
  await query('alter table patchbay_migration add column if not exists digest text')
  const rows = await query<{ tag: string; digest: string | null }>('select tag, digest from patchbay_migration')
  return new Map(rows.map((row) => [row.tag, row.digest]))
}

/** What was applied must be what this program would apply; nothing is guessed. */
const checkApplied = (migrations: readonly Migration[], applied: ReadonlyMap<string, string | null>): void => {
  const known = new Map(migrations.map((one) => [one.tag, one.digest]))
  const newer = [...applied.keys()].filter((tag) => !known.has(tag))
  if (newer.length > 0)
    throw new Error(
      `The database was migrated by a newer Patchbay (${newer.join(', ')}). Start that version, or restore a backup made before it.`,
    )
  const changed = [...applied].filter(([tag, digest]) => known.get(tag) !== digest).map(([tag]) => tag)
  if (changed.length > 0)
    throw new Error(
      `The database was made by an unreleased Patchbay whose tables were different (${changed.join(', ')}). ` +
        'Move the data folder away, or give this version an empty database.',
    )
}

/** Weeks of partitions that exist ahead of time; the daily upkeep renews them. */
export const partitionsAhead = 3

const apply = async (query: Query, { tag, text, digest }: Migration): Promise<void> => {
  for (const statement of text.split('--> statement-breakpoint')) if (statement.trim()) await query(statement)
  await query('insert into patchbay_migration (tag, digest) values ($1, $2)', [tag, digest])
}

/**
 * Brings the tables up to date, all migrations in one transaction: either the new program's tables are there or the old
 * ones. Processes that start together on one server take turns by an advisory lock.
 */
export const migrate = async (database: Database): Promise<void> => {
  const migrations = await readMigrations()
  await database.transaction(async (query) => {
    if (database.driver === 'postgres') {
      await query('set local statement_timeout = 0')
      await query(`select pg_advisory_xact_lock(hashtext('patchbay migrations'))`)
    }
    const applied = await readApplied(query)
    checkApplied(migrations, applied)
    for (const migration of migrations) if (!applied.has(migration.tag)) await apply(query, migration)
    await query(`select ensure_run_partitions(now() - interval '1 week', $1)`, [partitionsAhead + 1])
  })
}

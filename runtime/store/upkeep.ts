import type { Database, Query } from './database.ts'
import type { FileArtifacts } from './file-artifacts.ts'
import { partitionsAhead } from './migrate.ts'
import { sweepArtifacts } from './sweep-artifacts.ts'

/** In days. */
export const retention = { runs: 30, keys: 7 }

const makePartitions = (query: Query) => query(`select ensure_run_partitions(now(), $1::int)`, [partitionsAhead])

/** Whole weeks of runs that ended before the retention; a week that still has a living run is kept. */
const dropPartitions = async (query: Query, days: number): Promise<string[]> => {
  const rows = await query<{ week: string }>(`select drop_run_partitions(now() - $1::int * interval '1 day') as week`, [
    days,
  ])
  return rows.map((row) => row.week)
}

/**
 * Documents that no run needs. Starts refresh `used_at` at least every 12 hours while they refer to one, so a snapshot
 * that is old enough has no new referrers, and the two days are room for clocks and long flushes.
 */
const dropSnapshots = (query: Query, days: number) =>
  query(
    `delete from snapshot s where s.used_at < now() - ($1::int + 2) * interval '1 day'
       and not exists (select from run r where r.workspace_id = s.workspace_id and r.snapshot = s.digest)`,
    [days],
  )

const dropKeys = (query: Query, days: number) =>
  query(`delete from idempotency where created_at < now() - $1::int * interval '1 day'`, [days])

/** Jobs whose run is gone, with what they reported. What they made stays where a model's version needs it. */
const dropJobs = async (query: Query, days: number): Promise<void> => {
  await query(
    `delete from job j where j.ended_at < now() - $1::int * interval '1 day'
       and not exists (select from run r where r.workspace_id = j.workspace_id and r.id = j.run_id)`,
    [days],
  )
  await query(
    `delete from job_event e where not exists (select from job j where j.workspace_id = e.workspace_id and j.id = e.job_id)`,
  )
}

const dropSessions = (query: Query) => query(`delete from session where expires_at < now()`)

/** Makes the coming weeks' partitions and removes what is past its time. Any process may do it; one at a time does. */
export const keepUp = async (database: Database, days = retention): Promise<{ droppedWeeks: string[] }> =>
  database.transaction(async (query) => {
    if (database.driver === 'postgres') {
      const [row] = await query<{ mine: boolean }>(
        `select pg_try_advisory_xact_lock(hashtext('patchbay upkeep')) as mine`,
      )
      if (!row?.mine) return { droppedWeeks: [] }
      // Dropping a partition waits for everybody who reads runs, and everybody else waits for it: rather tomorrow.
      await query(`set local lock_timeout = '2s'`)
    }
    await makePartitions(query)
    const droppedWeeks = await dropPartitions(query, days.runs)
    await dropSnapshots(query, days.runs)
    await dropKeys(query, days.keys)
    await dropJobs(query, days.runs)
    await dropSessions(query)
    return { droppedWeeks }
  })

/**
 * Keeps tables and artifacts up: a minute from now, when the start is over, and then every day. Returns a function that
 * stops it.
 * @example const stopUpkeep = startUpkeep(database, artifacts, (error) => log('warn', 'Upkeep failed.', { error }))
 */
export const startUpkeep = (
  database: Database,
  artifacts: FileArtifacts,
  onError: (error: unknown) => void,
): (() => void) => {
  let next: NodeJS.Timeout | undefined
  const plan = (ms: number) => {
    next = setTimeout(async () => {
      plan(24 * 3_600_000)
      await keepUp(database).catch(onError)
      await sweepArtifacts(database.query, artifacts).catch(onError)
    }, ms)
    next.unref()
  }
  plan(60_000)
  return () => clearTimeout(next)
}

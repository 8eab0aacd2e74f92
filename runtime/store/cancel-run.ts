import type { Database, Query } from './database.ts'

/**
 * Waits for a process's flushes under way and holds off later ones until this transaction ends, so that no row of a run
 * that it takes away is written beside it. Flushes hold the row `FOR SHARE`.
 */
const waitForFlushes = (query: Query, process: string) =>
  query(`select 1 as ok from server_node where id = $1::text::uuid for no key update`, [process])

/** Gives runs back so that any process can claim them at once: what a stopping process cannot finish. */
export const handBack = async (database: Database, process: { id: string }, runs: readonly string[]): Promise<void> => {
  if (runs.length === 0) return
  await database.transaction(async (query) => {
    await waitForFlushes(query, process.id)
    await query(
      `update run set owner = null, status = 'queued', run_epoch = run_epoch + 1
       where id = any ($2::text::uuid[]) and owner = $1::text::uuid and ended_at is null`,
      [process.id, `{${runs.join(',')}}`],
    )
  })
}

const findOwner = async (query: Query, workspace: string, id: string): Promise<string | null | undefined> => {
  const [row] = await query<{ owner: string | null }>(
    `select owner from run where id = $1::text::uuid and workspace_id = $2 and ended_at is null`,
    [id, workspace],
  )
  return row?.owner
}

/** Changes nothing when the run has another owner by now. */
const endCancelled = (query: Query, workspace: string, id: string, owner: string | null) =>
  query(
    `update run r set status = 'cancelled', ended_at = now(), run_epoch = run_epoch + 1,
       end_seq = 1 + greatest(
         (select coalesce(max(seq), 0) from run_step where run_id = r.id),
         (select coalesce(max(seq), 0) from run_source where run_id = r.id)),
       usage = (select json_build_object(
         'inputTokens', coalesce(sum((s.usage->>'inputTokens')::bigint), 0),
         'outputTokens', coalesce(sum((s.usage->>'outputTokens')::bigint), 0)) from run_step s where s.run_id = r.id)
     where r.id = $1::text::uuid and r.workspace_id = $2 and r.ended_at is null and r.owner is not distinct from $3::text::uuid
     returning 1 as ok`,
    [id, workspace, owner],
  )

/**
 * Ends a run as cancelled, whoever owns it. The owner's flushes under way are waited for and later ones refused, so
 * nothing is written after the end. False when the run had ended or does not exist.
 */
export const cancelRun = async (database: Database, workspace: string, id: string): Promise<boolean> => {
  // A claim may come between finding the owner and ending the run; then the next owner is asked.
  for (;;) {
    const owner = await findOwner(database.query, workspace, id)
    if (owner === undefined) return false
    const ended = await database.transaction(async (query) => {
      if (owner !== null) await waitForFlushes(query, owner)
      const rows = await endCancelled(query, workspace, id, owner)
      if (rows.length > 0) await query(`select pg_notify('patchbay_cancel', $1::text)`, [id])
      return rows.length > 0
    })
    if (ended) return true
  }
}

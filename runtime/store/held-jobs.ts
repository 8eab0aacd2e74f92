import type { HeldJob } from '../dispatch/jobs/meter.ts'
import type { Query } from './database.ts'

/** The jobs that workers have, whichever server gave them. */
export const listHeld = (query: Query): Promise<HeldJob[]> =>
  query<HeldJob>(`select workspace_id as workspace, id, attempt, tenant, needs from job where state = 'leased'`)

/** Which of these have ended, and how many milliseconds ago. */
export const listEnds = async (
  query: Query,
  jobs: readonly Pick<HeldJob, 'workspace' | 'id'>[],
): Promise<{ id: string; ago: number }[]> => {
  if (jobs.length === 0) return []
  return query(
    `select j.id, extract(epoch from now() - j.ended_at)::float8 * 1000 as ago
     from unnest($1::text[], $2::text[]) as asked(workspace, id)
     join job j on j.workspace_id = asked.workspace and j.id = asked.id::uuid where j.ended_at is not null`,
    [jobs.map(({ workspace }) => workspace), jobs.map(({ id }) => id)],
  )
}

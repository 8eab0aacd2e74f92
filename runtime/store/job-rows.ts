import type { Artifact } from '#nodes/ports.ts'
import type { JobError, JobNeeds } from '../dispatch/protocol.ts'
import type { JobProgress } from '../engine/engine.ts'
import { readJsonText } from './json-text.ts'

export const jobStates = ['queued', 'leased', 'succeeded', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]
export type ArtifactsByName = Record<string, Artifact>

/** A job as it is kept. */
export type StoredJob = {
  workspace: string
  id: string
  kind: string
  state: JobState
  run: string | null
  node: string | null
  tenant: string
  priority: number
  needs: JobNeeds
  attempt: number
  losses: number
  worker: { id: string; name: string | null } | null
  /** Somebody asked for its end. */
  cancelled: boolean
  progress: JobProgress | null
  checkpoint: ArtifactsByName | null
  outputs: ArtifactsByName | null
  summary: Record<string, unknown> | null
  error: JobError | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
}

/** As selected by `jobColumns`; values arrive as text, since they may hold what PostgreSQL's json cannot. */
export type JobRow = Pick<
  StoredJob,
  'workspace' | 'id' | 'kind' | 'state' | 'run' | 'node' | 'tenant' | 'priority' | 'attempt' | 'losses' | 'cancelled'
> & {
  needs: string
  worker: string | null
  workerName: string | null
  progress: string | null
  checkpoint: string | null
  outputs: string | null
  summary: string | null
  error: string | null
  created: Date
  started: Date | null
  ended: Date | null
}

/** For `from job j`. */
export const jobColumns = `j.workspace_id as workspace, j.id, j.kind, j.state, j.run_id as run, j.node, j.tenant, j.priority,
  j.needs::text as needs, j.attempt, j.losses, j.worker_id as worker,
  (select w.name from worker w where w.workspace_id = j.workspace_id and w.id = j.worker_id) as "workerName",
  j.cancel_requested as cancelled, j.progress::text as progress, j.checkpoint::text as checkpoint,
  j.outputs::text as outputs, j.summary::text as summary, j.error::text as error,
  j.created_at as created, j.started_at as started, j.ended_at as ended`

const read = <Value>(text: string | null): Value | null => (text === null ? null : readJsonText<Value>(text))

export const toJob = ({ created, started, ended, worker, workerName, ...row }: JobRow): StoredJob => ({
  ...row,
  needs: readJsonText<JobNeeds>(row.needs),
  worker: worker === null ? null : { id: worker, name: workerName },
  progress: progressOf(read<JobProgress & { furthest?: number }>(row.progress)),
  checkpoint: read(row.checkpoint),
  outputs: read(row.outputs),
  summary: read(row.summary),
  error: read(row.error),
  createdAt: created,
  startedAt: started,
  endedAt: ended,
})

/** `furthest`, which the row keeps beside it, is the fence's own business. */
const progressOf = (kept: (JobProgress & { furthest?: number }) | null): JobProgress | null => {
  if (!kept) return null
  const { furthest: _, ...progress } = kept
  return progress
}

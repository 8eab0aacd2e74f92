import { Hono } from 'hono'
import { z } from 'zod'
import { jobStates, type StoredJob } from '#runtime/store/job-rows.ts'
import type { JobEventRecord, JobInfo, Page } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { queryOf } from '../input.ts'
import { lackOfFleet } from '../lack-of-fleet.ts'
import type { Parts } from '../parts.ts'
import { jobEventRecord, jobInfo, listQuery, pageOf } from '../schemas.ts'

const jobsQuery = listQuery.extend({ state: z.enum(jobStates).optional() })

/** Jobs as people see them. */
export const jobRoutes = ({ guard, jobs, fleet, stores }: Parts) => {
  const lack = lackOfFleet({ fleet, jobs })
  /** Why a job waits, and what no worker has where none could do it; null when it does not wait. */
  const waits = ({ state, id, workspace, needs }: StoredJob): Pick<JobInfo, 'waits' | 'lacks'> => {
    if (state !== 'queued') return { waits: null, lacks: null }
    const lacks = lack(workspace, needs) ?? null
    if (lacks) return { waits: 'no-capable-worker', lacks }
    return { waits: jobs.isNext(id) ? 'all-busy' : 'behind-others', lacks }
  }
  const shown = (job: StoredJob): JobInfo => ({
    id: job.id,
    kind: job.kind,
    state: job.state,
    run: job.run,
    node: job.node,
    attempt: job.attempt,
    worker: job.worker && { id: job.worker.id, name: job.worker.name ?? job.worker.id },
    progress: job.progress,
    ...waits(job),
    error: job.error,
    summary: job.summary,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    endedAt: job.endedAt?.toISOString() ?? null,
  })
  const find = async (workspace: string, id: string): Promise<StoredJob> => {
    const found = await stores.jobs.get(workspace, idOf(id, 'job'))
    if (!found) throw notFound('job')
    return found
  }
  return new Hono<ApiEnv>()
    .get(
      '/',
      describe('List jobs, newest first', { 200: { description: 'A page', schema: pageOf(jobInfo) } }),
      guard('run'),
      queryOf(jobsQuery),
      async (c) => {
        const { items, next } = await stores.jobs.list(c.var.principal.workspace, c.req.valid('query'))
        return c.json<Page<JobInfo>>({ items: items.map(shown), next })
      },
    )
    .get(
      '/:id',
      describe('Read a job', { 200: { description: 'The job', schema: jobInfo } }),
      guard('run'),
      async (c) => c.json<JobInfo>(shown(await find(c.var.principal.workspace, c.req.param('id')))),
    )
    .get(
      '/:id/events',
      describe('What the workers of a job reported, oldest first', {
        200: { description: 'A page', schema: pageOf(jobEventRecord) },
      }),
      guard('run'),
      queryOf(listQuery),
      async (c) => {
        const { workspace, id } = await find(c.var.principal.workspace, c.req.param('id'))
        const { items, next } = await stores.jobs.events(workspace, id, c.req.valid('query'))
        const told = items.map(({ at, ...event }) => ({ ...event, at: at.toISOString() }))
        return c.json<Page<JobEventRecord>>({ items: told, next })
      },
    )
    .post(
      '/:id/cancel',
      describe('Cancel a job', {
        202: {
          description: 'It ends as cancelled, or had ended already',
          schema: z.object({ id: z.string(), cancelled: z.boolean() }),
        },
      }),
      guard('run'),
      async (c) => {
        const { workspace, id } = await find(c.var.principal.workspace, c.req.param('id'))
        return c.json({ id, cancelled: await stores.jobs.cancel(workspace, id) }, 202)
      },
    )
}

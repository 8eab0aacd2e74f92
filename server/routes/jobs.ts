import { Hono } from 'hono'
import { z } from 'zod'
import type { JobNeeds, WorkerOffer } from '#runtime/dispatch/protocol.ts'
import { jobStates, type StoredJob } from '#runtime/store/job-rows.ts'
import type { JobEventRecord, JobInfo, Page } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { queryOf } from '../input.ts'
import type { Parts } from '../parts.ts'
import { jobEventRecord, jobInfo, listQuery, pageOf } from '../schemas.ts'

const jobsQuery = listQuery.extend({ state: z.enum(jobStates).optional() })

/** Whether a worker with nothing else to do has what a job needs: memory is that of its smallest GPU, if it has any. */
const has = ({ capabilities, devices }: Pick<WorkerOffer, 'capabilities' | 'devices'>, needs: JobNeeds): boolean => {
  const gpus = devices.filter(({ kind }) => kind === 'cuda')
  const room = gpus.length > 0 ? Math.min(...gpus.map(({ memory }) => memory)) : (devices[0]?.memory ?? 0)
  return capabilities.includes(needs.capability) && gpus.length >= needs.gpus && room >= needs.memory
}

/** Jobs as people see them. */
export const jobRoutes = ({ guard, jobs, fleet, stores }: Parts) => {
  /** Why a job waits; null when it does not. */
  const waits = ({ state, id, workspace, needs }: StoredJob): string | null => {
    if (state !== 'queued') return null
    const able = fleet
      .list(workspace)
      .some(({ state, offer }) => state === 'ready' && offer !== null && has(offer, needs))
    if (!able) return 'no-capable-worker'
    return jobs.isNext(id) ? 'all-busy' : 'behind-others'
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
    waits: waits(job),
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

import { Hono } from 'hono'
import { lease, leaseEnd, leaseEvents, leaseReply, leaseRequest, leaseSeconds } from '#runtime/dispatch/protocol.ts'
import type { WorkerEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError } from '../errors.ts'
import { idOf } from '../ids.ts'
import { inputLimit, jsonBody } from '../input.ts'
import type { Parts } from '../parts.ts'

const lost = () =>
  new ApiError('lease-lost', 'This attempt does not hold the job any more. Drop it: another one may be at work.')

/** How workers get jobs, report on them and end them. Whoever comes with an older attempt is refused. */
export const leaseRoutes = ({ guardWorker, jobs, stores }: Parts) =>
  new Hono<WorkerEnv>()
    .post(
      '/next',
      describe('Lease the next job that this worker can do', {
        200: { description: 'The job', schema: lease },
        204: { description: 'None came in the time that was asked for; ask again' },
      }),
      guardWorker,
      jsonBody(leaseRequest),
      async (c) => {
        const { workspace, id } = c.var.worker
        const leased = await jobs.next({ workspace, worker: id }, c.req.valid('json'), c.req.raw.signal)
        return leased ? c.json(leased) : c.body(null, 204)
      },
    )
    .post(
      '/:job/events',
      describe('Report on a job, and renew its lease', { 200: { description: 'What to do', schema: leaseReply } }),
      guardWorker,
      jsonBody(leaseEvents, inputLimit),
      async (c) => {
        const { attempt, events } = c.req.valid('json')
        const holder = { ...holderOf(c.var.worker, c.req.param('job')), attempt }
        const renewed = await stores.jobs.renew(holder, events)
        if (!renewed) throw lost()
        return c.json({ cancel: renewed.cancel, ttl: leaseSeconds })
      },
    )
    .post(
      '/:job/end',
      describe('End a job, or let go of it', { 204: { description: 'Noted' } }),
      guardWorker,
      jsonBody(leaseEnd, inputLimit),
      async (c) => {
        const end = c.req.valid('json')
        const holder = { ...holderOf(c.var.worker, c.req.param('job')), attempt: end.attempt }
        if (!(await stores.jobs.end(holder, end))) throw lost()
        return c.body(null, 204)
      },
    )

const holderOf = ({ workspace, id }: WorkerEnv['Variables']['worker'], job: string) => ({
  workspace,
  worker: id,
  job: idOf(job, 'job'),
})

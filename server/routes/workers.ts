import { Hono } from 'hono'
import { z } from 'zod'
import type { FleetWorker } from '#runtime/dispatch/fleet.ts'
import type { Page, WaitingModel, WorkerInfo } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import type { Parts } from '../parts.ts'
import { pageOf, waitingModel, workerInfo } from '../schemas.ts'

const oneTime = z.object({ token: z.string(), expiresAt: z.string() })

/** Without what only servers and workers may know. */
const shown =
  (localWorker: string | undefined) =>
  ({ id, name, state, seenAt, offer, beat, inFlight, broken }: FleetWorker): WorkerInfo => ({
    id,
    name,
    state,
    local: id === localWorker,
    seenAt,
    offer,
    beat,
    inFlight,
    broken: broken && { reason: broken.reason, until: new Date(broken.until).toISOString() },
  })

/** Workers as people see and manage them. */
export const workerRoutes = ({ guard, fleet, router, localWorker, stores: { workers } }: Parts) => {
  const drain = (wanted: boolean) => async (workspace: string, id: string) => {
    if (!(await workers.drain(workspace, id, wanted))) throw notFound('worker')
    await fleet.read()
  }
  return new Hono<ApiEnv>()
    .get(
      '/',
      describe('List workers with what they have and do', {
        200: { description: 'A page', schema: pageOf(workerInfo) },
      }),
      guard('run'),
      async (c) => {
        const items = fleet.list(c.var.principal.workspace).map(shown(localWorker))
        return c.json<Page<WorkerInfo>>({ items, next: null })
      },
    )
    .get(
      '/queue',
      describe('What waits for a model, and why', {
        200: { description: 'One entry per model', schema: z.object({ items: z.array(waitingModel) }) },
      }),
      guard('run'),
      async (c) => c.json<{ items: WaitingModel[] }>({ items: router.waiting() }),
    )
    .post(
      '/',
      describe('Make a one-time token that lets a worker in', {
        201: { description: 'The token, shown this once; good for an hour', schema: oneTime },
      }),
      guard('admin'),
      async (c) => c.json(await workers.enrolment(c.var.principal.workspace), 201),
    )
    .post(
      '/:id/drain',
      describe('Have a worker take nothing new', { 204: { description: 'It ends what it does' } }),
      guard('admin'),
      async (c) => {
        await drain(true)(c.var.principal.workspace, idOf(c.req.param('id'), 'worker'))
        return c.body(null, 204)
      },
    )
    .post(
      '/:id/resume',
      describe('Have a drained worker take work again', { 204: { description: 'It does' } }),
      guard('admin'),
      async (c) => {
        await drain(false)(c.var.principal.workspace, idOf(c.req.param('id'), 'worker'))
        return c.body(null, 204)
      },
    )
    .delete(
      '/:id',
      describe('Remove a worker: its token is not accepted any more', { 204: { description: 'Gone' } }),
      guard('admin'),
      async (c) => {
        const id = idOf(c.req.param('id'), 'worker')
        if (id === localWorker)
          throw new ApiError('in-use', 'This is the worker of this server itself. Drain it if it should do nothing.')
        if (!(await workers.remove(c.var.principal.workspace, id))) throw notFound('worker')
        await fleet.read()
        return c.body(null, 204)
      },
    )
}

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { beatReply, enrolled, enrolment, workerBeat, workerOffer } from '#runtime/dispatch/protocol.ts'
import { bearerOf, type WorkerEnv } from '../auth.ts'
import { attach, describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { jsonBody, queryOf } from '../input.ts'
import type { Parts } from '../parts.ts'

/** How long a worker's question for a call is held open, in ms. */
const patience = 30_000
const fetchedCall = z.union([
  z.object({ call: z.string(), path: z.string(), body: z.unknown() }),
  z.object({ gone: z.array(z.string()).meta({ description: 'Calls to stop: nobody waits for them any more' }) }),
])
const poll = z.object({
  after: z.string().max(100).optional().meta({ description: 'The last call that came, empty before the first' }),
  full: z.stringbool().optional().meta({ description: 'No room for a call: asks only which ones to stop' }),
})
/** Headers of an engine's answer that its caller gets. */
const passed = (c: Context): Record<string, string> => {
  const type = c.req.header('content-type')
  const after = c.req.header('x-retry-after')
  return { ...(type !== undefined && { 'content-type': type }), ...(after !== undefined && { 'retry-after': after }) }
}
const statusOf = (c: Context): number => {
  const status = Number(c.req.header('x-status'))
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new ApiError('bad-request', 'x-status is the HTTP status of the answer, such as 200.')
}

/** What workers call; runtime/dispatch/protocol.ts is the list. */
export const workerCallRoutes = ({ guardWorker, fleet, calls, stores: { workers } }: Parts) =>
  new Hono<WorkerEnv>()
    .post(
      '/enrol',
      describe(
        'Become a worker, with a one-time token as the bearer',
        { 201: { description: 'The token that this worker sends from now on', schema: enrolled } },
        { scope: null },
      ),
      jsonBody(enrolment),
      async (c) => {
        const token = bearerOf(c)
        const workspace = token === undefined ? undefined : await workers.spendEnrolment(token)
        if (workspace === undefined)
          throw new ApiError(
            'sign-in',
            'The one-time token is wrong, was used, or is older than an hour. Make a new one on the Workers page.',
          )
        const made = await workers.create(workspace, c.req.valid('json').name)
        await fleet.read()
        return c.json(made, 201)
      },
    )
    .put(
      '/self',
      describe('Say what a worker has', { 204: { description: 'Noted' } }),
      guardWorker,
      jsonBody(workerOffer),
      async (c) => {
        const { workspace, id } = c.var.worker
        await fleet.offered(workspace, id, c.req.valid('json'))
        return c.body(null, 204)
      },
    )
    .post(
      '/self/beats',
      describe('Say that a worker lives and what it does', {
        200: { description: 'What it should do', schema: beatReply },
      }),
      guardWorker,
      jsonBody(workerBeat),
      async (c) => {
        const { workspace, id } = c.var.worker
        return c.json(await fleet.beaten(workspace, id, c.req.valid('json')))
      },
    )
    .post(
      '/self/calls/next',
      describe('Fetch the next call for a worker that cannot be reached', {
        200: { description: 'The call', schema: fetchedCall },
        204: { description: 'None came within 30 s; ask again' },
      }),
      guardWorker,
      queryOf(poll),
      async (c) => {
        const { id } = c.var.worker
        const { signal } = c.req.raw
        const { after, full = false } = c.req.valid('query')
        const call =
          after === undefined
            ? await calls.next(id, patience, signal)
            : await calls.poll(id, patience, signal, { after, full })
        return call ? c.json(call) : c.body(null, 204)
      },
    )
    .post(
      '/self/calls/:call',
      describe('Answer a call', { 204: { description: 'It was read to its end, or its caller is gone' } }),
      guardWorker,
      attach((_, next) => next(), { bodyType: 'application/octet-stream' }),
      async (c) => {
        const answer = { status: statusOf(c), headers: passed(c), body: c.req.raw.body }
        if (!(await calls.answer(c.var.worker.id, c.req.param('call'), answer))) throw notFound('call')
        return c.body(null, 204)
      },
    )

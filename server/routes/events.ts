import { type Context, Hono } from 'hono'
import { endStatuses, type RunEvent } from '#runtime/engine/events.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { asApiError } from '../known-errors.ts'
import type { Parts } from '../parts.ts'
import { type ServerEvent, sendEvents } from '../sse.ts'

/** An event of a run as it goes over the wire. */
export const asServerEvent = (event: RunEvent): ServerEvent => ({
  event: event.type,
  data: JSON.stringify(event),
  // Only journaled events can be resumed from.
  ...('seq' in event && { id: String(event.seq) }),
})

const lastSeen = (c: Context): number => {
  const text = c.req.header('last-event-id') ?? c.req.query('after') ?? ''
  if (text === '') return 0
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new ApiError('bad-request', 'Last-Event-ID is the id of an event of this run: a number.')
}

async function* continued(first: IteratorResult<RunEvent>, rest: AsyncIterator<RunEvent>): AsyncGenerator<ServerEvent> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield asServerEvent(next.value)
  } finally {
    await rest.return?.()
  }
}

export const eventRoutes = ({ guard, engine, stores: { runs }, log }: Parts) =>
  new Hono<ApiEnv>().get(
    '/:id/events',
    describe('Follow a run', {
      200: { description: 'Server-sent events; Last-Event-ID resumes', type: 'text/event-stream' },
      204: { description: 'The run has ended and nothing is left to tell' },
    }),
    guard('run'),
    async (c) => {
      const id = idOf(c.req.param('id'), 'run')
      const after = lastSeen(c)
      const run = await runs.get(c.var.principal.workspace, id)
      if (!run) throw notFound('run')
      const failed = (error: unknown) => ({ event: 'error', data: JSON.stringify(asApiError(error, log)) })

      // An EventSource that has seen the end would connect again and again; 204 tells it to stop.
      if (c.req.method !== 'HEAD' && endStatuses.some((status) => status === run.status)) {
        const events = engine.events(id, after)[Symbol.asyncIterator]()
        const first = await events.next()
        // The engine closes every replay with the end, seen or not.
        const seen = first.done || ('seq' in first.value && first.value.seq <= after)
        return seen ? c.body(null, 204) : sendEvents(c, () => continued(first, events), failed)
      }
      const follow = async function* (signal: AbortSignal) {
        for await (const event of engine.events(id, after, signal)) yield asServerEvent(event)
      }
      return sendEvents(c, follow, failed)
    },
  )

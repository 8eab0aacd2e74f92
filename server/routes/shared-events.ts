import { Hono } from 'hono'
import { z } from 'zod'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { queryOf } from '../input.ts'
import { asApiError } from '../known-errors.ts'
import { mergeStreams } from '../merge-streams.ts'
import type { Parts } from '../parts.ts'
import { type ServerEvent, sendEvents } from '../sse.ts'
import { asServerEvent } from './events.ts'

/** `<run>:<seq>,<run>:<seq>`: how far each run of a shared stream was told. */
const readPlaces = (text: string): Map<string, number> =>
  new Map(
    text.split(',').flatMap((part) => {
      const [, run, seq] = /^([0-9a-f-]{36}):(\d{1,10})$/.exec(part) ?? []
      return run !== undefined && seq !== undefined ? [[run, Number(seq)]] : []
    }),
  )
const writePlaces = (places: ReadonlyMap<string, number>): string =>
  [...places].map(([run, seq]) => `${run}:${seq}`).join(',')

const many = z.object({
  runs: z
    .string()
    .min(1)
    .max(50 * 37),
})

/**
 * `GET /api/events?runs=a,b,c`: one stream for all runs that a tab shows, since a browser opens six connections to a
 * server and no more. Each event carries its `run`; the id says how far every one was told.
 */
export const sharedEventRoutes = ({ guard, engine, stores: { runs }, log }: Parts) =>
  new Hono<ApiEnv>().get(
    '/',
    describe('Follow several runs on one connection', {
      200: { description: 'Server-sent events with their run; Last-Event-ID resumes', type: 'text/event-stream' },
    }),
    guard('run'),
    queryOf(many),
    async (c) => {
      const ids = [...new Set(c.req.valid('query').runs.split(','))].map((id) => idOf(id, 'run'))
      for (const id of ids) if (!(await runs.get(c.var.principal.workspace, id))) throw notFound('run')
      const places = readPlaces(c.req.header('last-event-id') ?? '')
      const follow = async function* (id: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
        for await (const event of engine.events(id, places.get(id) ?? 0, signal)) {
          if ('seq' in event) {
            // The engine closes every replay with the end, seen or not.
            if (event.seq <= (places.get(id) ?? 0)) continue
            places.set(id, event.seq)
          }
          const { id: _, ...told } = asServerEvent(event)
          yield {
            ...told,
            data: JSON.stringify({ ...event, run: id }),
            ...('seq' in event && { id: writePlaces(places) }),
          }
        }
      }
      const all = (signal: AbortSignal) => mergeStreams(ids.map((id) => follow(id, signal)))
      return sendEvents(c, all, (error) => ({ event: 'error', data: JSON.stringify(asApiError(error, log)) }))
    },
  )

import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import type { ApiEnv } from '../auth.ts'
import { readBody } from '../body.ts'
import { attach, describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { fileLimit } from '../input.ts'
import type { Parts } from '../parts.ts'
import { artifact } from '../schemas.ts'
import { downloadHeaders } from './files.ts'

/** The one range that is asked for, as `[start, end)`; undefined for the whole. */
const rangeOf = (c: Context, size: number): readonly [start: number, end: number] | undefined => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(c.req.header('range') ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  if (start < end) return [start, end]
  throw new ApiError('range-unsatisfiable', `The artifact has ${size} bytes. Ask for a part of these.`, {
    headers: { 'content-range': `bytes */${size}` },
  })
}

export const artifactRoutes = ({ guard, guardShared, artifacts }: Parts) =>
  new Hono<ApiEnv>()
    .post(
      '/',
      describe('Keep bytes under their digest', { 201: { description: 'How to name them', schema: artifact } }),
      guard('run'),
      attach((_, next) => next(), { bodyType: 'application/octet-stream' }),
      async (c) => {
        const mime = c.req.header('content-type') ?? 'application/octet-stream'
        const kept = await artifacts.write(await readBody(c, fileLimit), mime.slice(0, 200))
        return c.json(kept, 201, { location: `/api/artifacts/${kept.sha256}` })
      },
    )
    .get(
      '/:sha256{[0-9a-f]{64}}',
      describe('Download an artifact, or with Range a part of it', {
        200: { description: 'Its bytes', type: 'application/octet-stream' },
        206: { description: 'The part that Range names', type: 'application/octet-stream' },
      }),
      guardShared('run'),
      async (c) => {
        const sha256 = c.req.param('sha256')
        const size = await artifacts.size(sha256)
        if (size === undefined) throw notFound('artifact')
        const range = rangeOf(c, size)
        const [start, end] = range ?? [0, size]
        const headers = {
          ...downloadHeaders(c.req.query('name')?.slice(0, 200) ?? sha256),
          'accept-ranges': 'bytes',
          etag: `"${sha256}"`,
          'content-length': String(end - start),
          ...(range && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
        }
        // HEAD gets here too; opening a file for it would leave it open.
        const empty = c.req.method === 'HEAD' || start === end
        const body = empty ? null : Readable.toWeb(Readable.from(artifacts.stream(sha256, start, end)))
        return new Response(body as ReadableStream<Uint8Array> | null, { status: range ? 206 : 200, headers })
      },
    )

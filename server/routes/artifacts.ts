import { Hono } from 'hono'
import type { ApiEnv } from '../auth.ts'
import { readBody } from '../body.ts'
import { attach, describe } from '../describe.ts'
import { notFound } from '../errors.ts'
import { fileLimit } from '../input.ts'
import type { Parts } from '../parts.ts'
import { artifact } from '../schemas.ts'
import { download } from './files.ts'

export const artifactRoutes = ({ guard, artifacts }: Parts) =>
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
      describe('Download an artifact', { 200: { description: 'Its bytes', type: 'application/octet-stream' } }),
      guard('run'),
      async (c) => {
        const sha256 = c.req.param('sha256')
        if (!(await artifacts.has(sha256))) throw notFound('artifact')
        return download(c, await artifacts.read(sha256), c.req.query('name')?.slice(0, 200) ?? sha256)
      },
    )

import { hash } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import type { ModelInfo } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import type { Parts } from '../parts.ts'
import { model } from '../schemas.ts'

/** What pipelines are built from: node types and models. */
export const catalogueRoutes = ({ guard, catalogue, models }: Parts) => {
  // It cannot change while the process lives.
  const text = JSON.stringify(catalogue)
  const etag = `"${hash('sha256', text).slice(0, 32)}"`
  return new Hono<ApiEnv>()
    .get(
      '/catalogue',
      describe('Node types with their ports, config schemas and docs', {
        200: { description: 'All node types', schema: z.array(z.looseObject({ type: z.string() })) },
      }),
      guard('run'),
      (c) => {
        const headers = { etag, 'cache-control': 'private, no-cache' }
        if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
        return c.body(text, 200, { ...headers, 'content-type': 'application/json' })
      },
    )
    .get(
      '/models',
      describe('Models that nodes can name', { 200: { description: 'All models', schema: z.array(model) } }),
      guard('run'),
      async (c) => c.json<readonly ModelInfo[]>(await models()),
    )
}

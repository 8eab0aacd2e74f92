import { Hono } from 'hono'
import { z } from 'zod'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { jsonBody } from '../input.ts'
import type { Parts } from '../parts.ts'
import { key, pageOf } from '../schemas.ts'
import { scopes } from '../scopes.ts'

const only = z.array(z.string().min(1).max(300)).min(1).max(200)
const making = z
  .object({ name: z.string().trim().min(1).max(100), scope: z.enum(scopes), only: only.optional() })
  .refine(({ scope, only: names }) => names === undefined || scope === 'serve', {
    path: ['only'],
    message: 'Only a key with the scope "serve" can be limited to deployments and models.',
  })
const made = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(scopes),
  only: only.nullable(),
  key: z.string(),
})

export const keyRoutes = ({ guard, stores: { keys } }: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/',
      describe('List API keys', { 200: { description: 'Without the keys themselves', schema: pageOf(key) } }),
      guard('admin'),
      async (c) => c.json({ items: await keys.list(c.var.principal.workspace), next: null }),
    )
    .post(
      '/',
      describe('Make an API key', { 201: { description: 'The key, shown this once', schema: made } }),
      guard('admin'),
      jsonBody(making),
      async (c) => {
        const { name, scope, only: names = null } = c.req.valid('json')
        const { id, token } = await keys.create(c.var.principal.workspace, name, scope, names)
        return c.json({ id, name, scope, only: names, key: token }, 201)
      },
    )
    .delete('/:id', describe('Revoke an API key', { 204: { description: 'Gone' } }), guard('admin'), async (c) => {
      if (!(await keys.remove(c.var.principal.workspace, idOf(c.req.param('id'), 'key')))) throw notFound('key')
      return c.body(null, 204)
    })

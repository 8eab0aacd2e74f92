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

const making = z.object({ name: z.string().trim().min(1).max(100), scope: z.enum(scopes) })
const made = z.object({ id: z.string(), name: z.string(), scope: z.enum(scopes), key: z.string() })

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
        const { name, scope } = c.req.valid('json')
        const { id, token } = await keys.create(c.var.principal.workspace, name, scope)
        return c.json({ id, name, scope, key: token }, 201)
      },
    )
    .delete('/:id', describe('Revoke an API key', { 204: { description: 'Gone' } }), guard('admin'), async (c) => {
      if (!(await keys.remove(c.var.principal.workspace, idOf(c.req.param('id'), 'key')))) throw notFound('key')
      return c.body(null, 204)
    })

import { Hono } from 'hono'
import { z } from 'zod'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { invalid, notFound } from '../errors.ts'
import { jsonBody } from '../input.ts'
import type { Parts } from '../parts.ts'
import { pageOf, secret } from '../schemas.ts'

const setting = z.object({ value: z.string().min(1).max(65_536) })

const nameOf = (name: string): string => {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)) return name
  throw invalid('', 'A secret’s name starts with a letter and has up to 64 letters, digits, "-" or "_".', {
    rule: 'secret-name',
  })
}

/** Secrets can be written and used by nodes, never read. */
export const secretRoutes = ({ guard, stores: { secrets } }: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/',
      describe('List the names of secrets', { 200: { description: 'Names, never values', schema: pageOf(secret) } }),
      guard('edit'),
      async (c) => c.json({ items: await secrets.list(c.var.principal.workspace), next: null }),
    )
    .put(
      '/:name',
      describe('Set a secret', { 204: { description: 'Sealed' } }),
      guard('admin'),
      jsonBody(setting),
      async (c) => {
        await secrets.set(c.var.principal.workspace, nameOf(c.req.param('name')), c.req.valid('json').value)
        return c.body(null, 204)
      },
    )
    .delete('/:name', describe('Delete a secret', { 204: { description: 'Gone' } }), guard('admin'), async (c) => {
      if (!(await secrets.remove(c.var.principal.workspace, c.req.param('name')))) throw notFound('secret')
      return c.body(null, 204)
    })

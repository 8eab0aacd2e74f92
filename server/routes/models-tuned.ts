import { Hono } from 'hono'
import type { Page, TunedModelInfo } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { queryOf } from '../input.ts'
import type { Parts } from '../parts.ts'
import { listQuery, pageOf, tunedModel } from '../schemas.ts'

export const tunedModelRoutes = ({ guard, stores: { tuned } }: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/',
      describe('List the models that were tuned here', {
        200: { description: 'With their versions and where each comes from', schema: pageOf(tunedModel) },
      }),
      guard('run'),
      queryOf(listQuery),
      async (c) => c.json<Page<TunedModelInfo>>(await tuned.list(c.var.principal.workspace, c.req.valid('query'))),
    )
    .delete(
      '/:name',
      describe('Delete a tuned model with its versions', { 204: { description: 'Gone' } }),
      guard('edit'),
      async (c) => {
        const { deleted, usedBy } = await tuned.remove(c.var.principal.workspace, c.req.param('name'))
        if (usedBy.length > 0)
          throw new ApiError(
            'in-use',
            `Deployments serve this model: ${usedBy.join(', ')}. Deploy something else first.`,
          )
        if (!deleted) throw notFound('tuned model')
        return c.body(null, 204)
      },
    )

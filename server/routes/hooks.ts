import { Hono } from 'hono'
import { z } from 'zod'
import type { StoredHook } from '#runtime/store/hooks.ts'
import type { Hook, Page } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError, invalid, notFound } from '../errors.ts'
import { hookAuths, newHookSecret } from '../hooks/signature.ts'
import { jsonBody, queryOf } from '../input.ts'
import type { Parts } from '../parts.ts'
import { hook, pageOf } from '../schemas.ts'

const making = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'A name has 1 to 64 small letters, digits or "-".'),
  pipeline: z.uuid('This is the id of a pipeline.'),
  version: z.union([z.literal('latest'), z.int().min(1)]).default('latest'),
  mode: z.enum(['sync', 'stream', 'async']).default('sync'),
  auth: z.enum(hookAuths).default('standard'),
})
const ofPipeline = z.object({ pipeline: z.string().optional() })
const made = z.object({
  ...z.object({ name: z.string(), url: z.string(), secret: z.string().nullable(), warning: z.string().optional() })
    .shape,
  pipeline: z.string(),
  version: z.union([z.literal('latest'), z.int()]),
  mode: z.string(),
  auth: z.string(),
  createdAt: z.string(),
})

/** Without what is only ours to know. */
const shown = ({ id: _, workspace: __, ...rest }: StoredHook): Hook => rest

export const hookRoutes = ({ guard, plans, stores: { hooks, pipelines } }: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/',
      describe('List webhooks', { 200: { description: 'Without their secrets', schema: pageOf(hook) } }),
      guard('edit'),
      queryOf(ofPipeline),
      async (c) => {
        const { pipeline } = c.req.valid('query')
        const all = await hooks.list(c.var.principal.workspace)
        const items = all.filter((one) => pipeline === undefined || one.pipeline === pipeline).map(shown)
        return c.json<Page<Hook>>({ items, next: null })
      },
    )
    .post(
      '/',
      describe('Make a webhook for a published pipeline', {
        201: { description: 'The webhook with its secret, shown this once', schema: made },
      }),
      guard('edit'),
      jsonBody(making),
      async (c) => {
        const { workspace } = c.var.principal
        const wanted = c.req.valid('json')
        if (!(await pipelines.get(workspace, wanted.pipeline))) {
          throw invalid('/pipeline', 'There is no such pipeline.', { rule: 'no-pipeline' })
        }
        if (wanted.version !== 'latest' && !(await pipelines.version(workspace, wanted.pipeline, wanted.version))) {
          const values = { version: wanted.version }
          throw invalid('/version', `The pipeline has no version ${wanted.version}.`, { rule: 'no-version', values })
        }
        const secret = newHookSecret(wanted.auth) ?? null
        const created = await hooks.create(workspace, wanted, secret)
        if (!created) {
          throw new ApiError('name-taken', `There is a webhook "${wanted.name}" already. Choose another name.`)
        }
        plans.forget({ hook: wanted.name })
        return c.json(
          {
            ...shown(created),
            url: `/hooks/${wanted.name}`,
            secret,
            ...(wanted.auth === 'none' && {
              warning: 'Anyone who knows the address can start runs. Use this only where nobody else can reach it.',
            }),
          },
          201,
        )
      },
    )
    .delete('/:name', describe('Delete a webhook', { 204: { description: 'Gone' } }), guard('edit'), async (c) => {
      const name = c.req.param('name')
      if (!(await hooks.remove(c.var.principal.workspace, name))) throw notFound('webhook')
      plans.forget({ hook: name })
      return c.body(null, 204)
    })

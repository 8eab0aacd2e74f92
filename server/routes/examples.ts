import { Hono } from 'hono'
import type { Example, Page, Saved } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { notFound } from '../errors.ts'
import { copyExample, listExamples } from '../examples.ts'
import type { Parts } from '../parts.ts'
import { example, pageOf, saved } from '../schemas.ts'

export const exampleRoutes = (parts: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/',
      describe('List the pipelines that ship with Patchbay', {
        200: { description: 'All of them', schema: pageOf(example) },
      }),
      parts.guard('run'),
      async (c) => c.json<Page<Example>>({ items: await listExamples(), next: null }),
    )
    .post(
      '/:id',
      describe('Make a pipeline of an example, files included', { 201: { description: 'Saved', schema: saved } }),
      parts.guard('edit'),
      async (c) => {
        const { workspace } = c.var.principal
        const copy = await copyExample(c.req.param('id'), { ...parts, workspace })
        if (!copy) throw notFound('example')
        const { id, revision, document, paths } = copy
        const { findings } = parts.judge(document, paths)
        return c.json<Saved, 201>({ id, name: document.name, revision, findings }, 201, {
          location: `/api/pipelines/${id}`,
        })
      },
    )

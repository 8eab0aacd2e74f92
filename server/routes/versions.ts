import { Hono } from 'hono'
import { z } from 'zod'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Page, Version } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { optionalBody } from '../input.ts'
import { refuseErrors } from '../judge.ts'
import { manifestOf } from '../manifest.ts'
import type { Parts } from '../parts.ts'
import { pageOf, version, versionDocument } from '../schemas.ts'

const publishing = z.object({
  note: z.string().max(10_000).optional(),
  /** The draft that is meant: one that was saved since is refused, not published unseen. */
  revision: z.int().min(1).optional(),
})

/** Pins act in draft runs only. */
const withoutPins = (document: PipelineDocument): PipelineDocument => ({
  ...document,
  nodes: document.nodes.map(({ pin: _, ...node }) => node),
})

export const versionRoutes = ({ guard, judge, plans, stores: { pipelines } }: Parts) =>
  new Hono<ApiEnv>()
    .post(
      '/:id/publish',
      describe('Publish the draft as the next version', {
        201: { description: 'The version, which never changes', schema: version },
      }),
      guard('edit'),
      optionalBody(publishing),
      async (c) => {
        const { workspace } = c.var.principal
        const draft = await pipelines.get(workspace, idOf(c.req.param('id'), 'pipeline'))
        if (!draft) throw notFound('pipeline')
        const { note = null, revision } = c.req.valid('json')
        if (revision !== undefined && revision !== draft.revision)
          throw new ApiError(
            'revision-conflict',
            `The pipeline is at revision ${draft.revision}, not ${revision}. Look at what was saved since and publish that.`,
          )
        const document = withoutPins(draft.document)
        const files = manifestOf(draft.files)
        refuseErrors(judge(document, Object.keys(files)).findings, 'published')
        const published = await pipelines.publish(workspace, draft.id, document, note)
        if (!published) throw notFound('pipeline')
        plans.forget({ pipeline: draft.id })
        return c.json<Version, 201>(published, 201, {
          location: `/api/pipelines/${draft.id}/versions/${published.version}`,
        })
      },
    )
    .get(
      '/:id/versions',
      describe('List published versions, newest first', {
        200: { description: 'All versions', schema: pageOf(version) },
      }),
      guard('run'),
      async (c) => {
        const items = await pipelines.versions(c.var.principal.workspace, idOf(c.req.param('id'), 'pipeline'))
        return c.json<Page<Version>>({ items, next: null })
      },
    )
    .get(
      '/:id/versions/:version{[0-9]{1,9}}',
      describe('Read a published version', {
        200: { description: 'The version and its document', schema: versionDocument },
      }),
      guard('run'),
      async (c) => {
        const id = idOf(c.req.param('id'), 'pipeline')
        const found = await pipelines.version(c.var.principal.workspace, id, Number(c.req.param('version')))
        if (!found) throw notFound('version')
        return c.json(found)
      },
    )

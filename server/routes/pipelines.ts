import { Hono } from 'hono'
import { z } from 'zod'
import { serialise } from '#runtime/pipeline/canonical.ts'
import type { Page, Pipeline, PipelineSummary, Saved } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { attach, describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { documentLimit, jsonBody, queryOf } from '../input.ts'
import { readDocument } from '../judge.ts'
import type { Parts } from '../parts.ts'
import { listQuery, pageOf, pipeline, pipelineSummary, saved } from '../schemas.ts'

/** The document is read by its own parser, whose messages say more. */
const withDocument = z.object({ document: z.unknown() })
const toMake = withDocument.extend({
  from: z.string().optional().describe('The id of a pipeline whose files the new one has too'),
})

/** `If-Match: 3` or `"3"`: the revision that the client's edit is based on. */
const revisionOf = (header: string | undefined): number => {
  const text = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header?.trim() ?? '')?.[1]
  if (text !== undefined) return Number(text)
  throw new ApiError(
    'revision-missing',
    'Send If-Match with the revision that you changed, so that nobody’s work is lost.',
  )
}
const etag = (revision: number) => ({ etag: `"${revision}"` })

/** A name for a download that every file system takes; the whole name goes along encoded (RFC 6266). */
const disposition = (name: string): string => {
  const plain = name.replace(/[^\w .-]+/g, '_').slice(0, 100)
  return `attachment; filename="${plain}.json"; filename*=UTF-8''${encodeURIComponent(`${name.slice(0, 100)}.json`).replace(/['()*]/g, '_')}`
}

export const pipelineRoutes = ({ guard, judge, stores: { pipelines, hooks } }: Parts) => {
  const find = async (workspace: string, id: string) => {
    const found = await pipelines.get(workspace, idOf(id, 'pipeline'))
    if (!found) throw notFound('pipeline')
    return found
  }
  const pathsOf = (files: Pipeline['files']) => files.map(({ path }) => path)

  return new Hono<ApiEnv>()
    .post(
      '/',
      describe('Make a pipeline', {
        201: { description: 'Saved; what keeps it from running is in findings', schema: saved },
      }),
      guard('edit'),
      jsonBody(toMake, documentLimit),
      async (c) => {
        const { workspace } = c.var.principal
        const wanted = c.req.valid('json')
        const document = readDocument(wanted.document, '/document')
        const from = wanted.from === undefined ? undefined : await find(workspace, wanted.from)
        const { id, revision } = await pipelines.create(workspace, document, from?.id)
        const { findings } = judge(document, pathsOf(from?.files ?? []))
        const answer: Saved = { id, name: document.name, revision, findings }
        return c.json(answer, 201, { ...etag(revision), location: `/api/pipelines/${id}` })
      },
    )
    .get(
      '/',
      describe('List pipelines, last changed first', {
        200: { description: 'A page', schema: pageOf(pipelineSummary) },
      }),
      guard('run'),
      queryOf(listQuery),
      async (c) => c.json<Page<PipelineSummary>>(await pipelines.list(c.var.principal.workspace, c.req.valid('query'))),
    )
    .get(
      '/:id',
      describe('Read the draft', { 200: { description: 'The draft, its findings and files', schema: pipeline } }),
      guard('run'),
      async (c) => {
        const found = await find(c.var.principal.workspace, c.req.param('id'))
        const { findings } = judge(found.document, pathsOf(found.files))
        return c.json<Pipeline>({ ...found, findings }, 200, etag(found.revision))
      },
    )
    .put(
      '/:id',
      describe('Save the draft', { 200: { description: 'Saved under the next revision', schema: saved } }),
      guard('edit'),
      attach(jsonBody(withDocument, documentLimit), {
        body: withDocument,
        headers: z.object({ 'If-Match': z.string().describe('The revision that was changed') }),
      }),
      async (c) => {
        const { workspace } = c.var.principal
        const id = idOf(c.req.param('id'), 'pipeline')
        const revision = revisionOf(c.req.header('if-match'))
        const document = readDocument(c.req.valid('json').document, '/document')
        const result = await pipelines.save(workspace, id, revision, document)
        if (result === 'missing') throw notFound('pipeline')
        const found = await find(workspace, id)
        if (result === 'conflict') {
          throw new ApiError(
            'revision-conflict',
            `The pipeline is at revision ${found.revision}; your change was made from ${revision}. Look at both and save again.`,
            {
              more: { current: { revision: found.revision, document: found.document, updatedAt: found.updatedAt } },
              headers: etag(found.revision),
            },
          )
        }
        const { findings } = judge(document, pathsOf(found.files))
        const answer: Saved = { id, name: document.name, revision: result.revision, findings }
        return c.json(answer, 200, etag(result.revision))
      },
    )
    .delete('/:id', describe('Delete a pipeline', { 204: { description: 'Gone' } }), guard('edit'), async (c) => {
      const { workspace } = c.var.principal
      const id = idOf(c.req.param('id'), 'pipeline')
      const users = (await hooks.list(workspace)).filter((hook) => hook.pipeline === id)
      if (users.length > 0) {
        const names = users.map((hook) => hook.name).join(', ')
        throw new ApiError('in-use', `Webhooks call this pipeline: ${names}. Delete them first.`)
      }
      const { deleted, servedBy } = await pipelines.remove(workspace, id)
      if (servedBy.length > 0)
        throw new ApiError('in-use', `Deployments serve this pipeline: ${servedBy.join(', ')}. Delete them first.`)
      if (!deleted) throw notFound('pipeline')
      return c.body(null, 204)
    })
    .get(
      '/:id/export',
      describe('Download the document in its canonical form', {
        200: { description: 'The document', type: 'application/json' },
      }),
      guard('run'),
      async (c) => {
        const found = await find(c.var.principal.workspace, c.req.param('id'))
        return c.body(serialise(found.document), 200, {
          'content-type': 'application/json; charset=utf-8',
          'content-disposition': disposition(found.name),
        })
      },
    )
}

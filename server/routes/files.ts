import { type Context, Hono } from 'hono'
import type { ApiEnv } from '../auth.ts'
import { readBody } from '../body.ts'
import { attach, describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { fileLimit } from '../input.ts'
import type { Parts } from '../parts.ts'
import { pipelineFile } from '../schemas.ts'

/** The part of the address after `/files/`: a plain relative path, as a resource names it. */
const pathOf = (c: Context): string => {
  const raw = c.req.path.split('/files/').slice(1).join('/files/')
  let path: string
  try {
    path = decodeURIComponent(raw).normalize('NFC')
  } catch (cause) {
    throw new ApiError('bad-request', 'The path in the address is not encoded as UTF-8.', { cause })
  }
  const parts = path.split('/')
  const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..') && path.length <= 1_000
  if (!plain || /[\u0000-\u001f\\]/.test(path) || !path.isWellFormed()) {
    throw new ApiError('bad-request', 'A file path is relative, without ".." and "\\", such as handbook/rules.md.')
  }
  return path
}

/** Bytes that someone uploaded: never shown as a page of ours. */
export const downloadHeaders = (name: string) => ({
  'content-type': 'application/octet-stream',
  'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, '_')}`,
})

export const fileRoutes = ({ guard, artifacts, stores: { pipelines } }: Parts) =>
  new Hono<ApiEnv>()
    .put(
      '/:id/files/*',
      describe('Upload a file that resources can name', { 200: { description: 'Kept', schema: pipelineFile } }),
      guard('edit'),
      attach((_, next) => next(), { bodyType: 'application/octet-stream' }),
      async (c) => {
        const id = idOf(c.req.param('id'), 'pipeline')
        const path = pathOf(c)
        const body = await readBody(c, fileLimit)
        const { sha256, bytes } = await artifacts.write(body, 'application/octet-stream', path)
        const file = { path, sha256, bytes }
        if (!(await pipelines.putFile(c.var.principal.workspace, id, file))) throw notFound('pipeline')
        return c.json(file)
      },
    )
    .get(
      '/:id/files/*',
      describe('Download a file', { 200: { description: 'Its bytes', type: 'application/octet-stream' } }),
      guard('run'),
      async (c) => {
        const found = await pipelines.get(c.var.principal.workspace, idOf(c.req.param('id'), 'pipeline'))
        const path = pathOf(c)
        const file = found?.files.find((one) => one.path === path)
        if (!file) throw notFound('file')
        return c.body(
          new Uint8Array(await artifacts.read(file.sha256)),
          200,
          downloadHeaders(path.split('/').at(-1) ?? 'file'),
        )
      },
    )
    .delete('/:id/files/*', describe('Remove a file', { 204: { description: 'Gone' } }), guard('edit'), async (c) => {
      const id = idOf(c.req.param('id'), 'pipeline')
      if (!(await pipelines.removeFile(c.var.principal.workspace, id, pathOf(c)))) throw notFound('file')
      return c.body(null, 204)
    })

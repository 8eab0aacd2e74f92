import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { UploadError, uploadLimit } from '#runtime/store/uploads.ts'
import type { ApiEnv } from '../auth.ts'
import { attach, describe } from '../describe.ts'
import { ApiError, type ProblemCode } from '../errors.ts'
import type { Parts } from '../parts.ts'

const codes: Record<UploadError['code'], ProblemCode> = {
  offset: 'offset-conflict',
  'too-large': 'too-large',
  digest: 'invalid',
}

const sizes = z.object({
  'upload-offset': z.coerce.number().int().min(0),
  'upload-length': z.coerce.number().int().min(0).max(uploadLimit),
})

const readSizes = (c: Context) => {
  const parsed = sizes.safeParse({
    'upload-offset': c.req.header('upload-offset'),
    'upload-length': c.req.header('upload-length'),
  })
  if (parsed.success) return { from: parsed.data['upload-offset'], length: parsed.data['upload-length'] }
  throw new ApiError(
    'bad-request',
    'Send upload-offset, where these bytes begin, and upload-length, how many the whole has (20 GB at most).',
  )
}

/** Leaves the rest of the body where it is when its reader stops: cancelling it would cut the connection before the answer. */
const readPart = (body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => body.values({ preventCancel: true }),
})
/** What is left of a body that was refused: unread, it would stop the next request on its connection. */
const dropRest = async (body: ReadableStream<Uint8Array>): Promise<void> => {
  try {
    for await (const _ of body);
  } catch {
    // Its sender left.
  }
}

/** Large artifacts, gone on with after a broken connection: `HEAD` says how far it is, `PATCH` adds. */
export const uploadRoutes = ({ guardShared, artifacts }: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/:sha256{[0-9a-f]{64}}',
      describe('How far an upload is (HEAD)', { 204: { description: 'upload-offset: the bytes that are there' } }),
      guardShared('run'),
      async (c) => {
        const offset = await artifacts.uploads.offset(c.req.param('sha256'))
        return c.body(null, 204, { 'upload-offset': String(offset) })
      },
    )
    .patch(
      '/:sha256{[0-9a-f]{64}}',
      describe('Add bytes to an upload', {
        204: { description: 'upload-offset: the bytes that are there. Whole, it is an artifact' },
      }),
      guardShared('run'),
      attach((_, next) => next(), { bodyType: 'application/offset+octet-stream' }),
      async (c) => {
        const sha256 = c.req.param('sha256')
        const body = c.req.raw.body ?? new ReadableStream({ start: (controller) => controller.close() })
        try {
          const offset = await artifacts.uploads.append(sha256, { ...readSizes(c), body: readPart(body) })
          return c.body(null, 204, { 'upload-offset': String(offset) })
        } catch (error) {
          if (!(error instanceof UploadError)) throw error
          const headers = { 'upload-offset': String(error.offset) }
          throw new ApiError(codes[error.code], error.message, { headers, cause: error })
        } finally {
          void dropRest(body)
        }
      },
    )

import type { Context } from 'hono'
import type { z } from 'zod'
import { findBadValue } from '#runtime/pipeline/bad-value.ts'
import { limits } from '#runtime/pipeline/document.ts'
import { type Fault, faultsOf } from '#runtime/pipeline/faults.ts'
import { brokenAt, lineAndColumn } from '#runtime/pipeline/json-place.ts'
import { ApiError, invalidAt } from './errors.ts'

/** A document may be 64 levels deep; around it stands the envelope of the request. */
const depth = limits.depth + 2

const tooLarge = (limit: number): ApiError =>
  new ApiError('too-large', `The body is larger than ${limit.toLocaleString('en')} bytes. Send less.`)

/** How much of a refused body is read and thrown away, so that its sender gets to read the answer. */
const patience = 256_000_000

const discard = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > patience) return reader.cancel()
  }
}

const readStream = async (body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> => {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > limit) {
      // Cancelling would close the connection under the answer.
      discard(reader).catch(() => undefined)
      throw tooLarge(limit)
    }
    chunks.push(part.value)
  }
  return Buffer.concat(chunks)
}

/**
 * The bytes of the body, never more than `limit` of them in memory. With a declared length (which Node enforces) the
 * request's fast path is used: hono's own limit touches `raw.body`, which builds a whole web Request first.
 */
export const readBody = async (c: Context, limit: number): Promise<Uint8Array> => {
  const declared = c.req.header('content-length')
  if (declared !== undefined && c.req.header('transfer-encoding') === undefined) {
    if (Number(declared) > limit) throw tooLarge(limit)
    return new Uint8Array(await c.req.arrayBuffer())
  }
  return c.req.raw.body ? readStream(c.req.raw.body, limit) : new Uint8Array()
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Text of a body. @throws ApiError `bad-json` when it is not UTF-8 */
export const decode = (bytes: Uint8Array): string => {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new ApiError('bad-json', 'The body is not UTF-8 text.', { cause })
  }
}

/**
 * Parses a JSON body and refuses what could not be stored, naming the place.
 * @throws ApiError `bad-json`, `invalid`
 */
export const parseJson = (text: string): unknown => {
  if (text.trim() === '') throw new ApiError('bad-json', 'The body is empty. Send a JSON value.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const { line, column } = lineAndColumn(text, brokenAt(text))
    throw new ApiError('bad-json', `The body is not JSON: it breaks off at line ${line}, column ${column}.`, { cause })
  }
  const bad = findBadValue(value, depth)
  if (bad) throw invalidAt([bad])
  return value
}

/** A JSON type, or none at all. Forms and plain text are refused: a page of another origin can send those unasked. */
export const checkJsonType = (c: Context): void => {
  const type = c.req.header('content-type')
  if (type !== undefined && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new ApiError('unsupported-type', `The content type is ${type.slice(0, 100)}. Send application/json.`)
  }
}

/** What zod found in a body, as the `errors` of a problem. */
export const placesOf = (error: z.ZodError, body: unknown): Fault[] => faultsOf(error, body).slice(0, 50)

import type { MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import { checkJsonType, decode, parseJson, placesOf, readBody } from './body.ts'
import { attach } from './describe.ts'
import { ApiError, invalidAt } from './errors.ts'

/** A saved document may have 5 MB; some more for what stands around it and for white space. */
export const documentLimit = 8_000_000
export const smallLimit = 1_000_000
/** Run inputs; larger values belong into artifacts. */
export const inputLimit = 10_000_000
export const fileLimit = 50_000_000

/**
 * Parses the JSON body; handlers get it by `c.req.valid('json')`.
 * @throws ApiError `bad-json`, `too-large`, `unsupported-type`, `invalid`
 */
export const jsonBody = <S extends z.ZodType>(schema: S, limit = smallLimit) => {
  const handler: MiddlewareHandler<object, string, { in: { json: z.input<S> }; out: { json: z.output<S> } }> = async (
    c,
    next,
  ) => {
    checkJsonType(c)
    const body = parseJson(decode(await readBody(c, limit)))
    const parsed = schema.safeParse(body)
    if (!parsed.success) throw invalidAt(placesOf(parsed.error, body))
    c.req.addValidatedData('json', parsed.data as object)
    await next()
  }
  return attach(handler, { body: schema })
}

/** The same where the body may be left out: nothing counts as `{}`. */
export const optionalBody = <S extends z.ZodObject>(schema: S) => {
  const handler: MiddlewareHandler<object, string, { in: { json?: z.input<S> }; out: { json: z.output<S> } }> = async (
    c,
    next,
  ) => {
    const text = decode(await readBody(c, smallLimit))
    if (text !== '') checkJsonType(c)
    const body = text === '' ? {} : parseJson(text)
    const parsed = schema.safeParse(body)
    if (!parsed.success) throw invalidAt(placesOf(parsed.error, body))
    c.req.addValidatedData('json', parsed.data)
    await next()
  }
  return attach(handler, { body: schema })
}

/** Parses the query; unknown names are ignored. Handlers get it by `c.req.valid('query')`. */
export const queryOf = <S extends z.ZodObject>(schema: S) => {
  const handler: MiddlewareHandler<object, string, { in: { query: z.input<S> }; out: { query: z.output<S> } }> = async (
    c,
    next,
  ) => {
    const parsed = schema.safeParse(c.req.query())
    if (!parsed.success) {
      const [first] = parsed.error.issues
      throw new ApiError(
        'bad-request',
        `The query parameter "${first?.path.join('.')}" does not fit: ${first?.message}`,
      )
    }
    c.req.addValidatedData('query', parsed.data)
    await next()
  }
  return attach(handler, { query: schema })
}

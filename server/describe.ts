import type { MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import type { Scope } from './scopes.ts'

export type Answer = { description: string; schema?: z.ZodType; type?: string }
/** What is known of an operation beside its method and path; `/openapi.json` is made from it. */
export type Description = {
  summary?: string
  details?: string
  /** `null`: open to everyone. `work`: for enrolled workers. */
  scope?: Scope | 'work' | null
  body?: z.ZodType
  bodyType?: string
  query?: z.ZodObject
  headers?: z.ZodObject
  answers?: Record<number, Answer>
}

// Beside the handlers, not on them: hono keeps the very functions in `app.routes`.
const descriptions = new WeakMap<object, Description>()

export const attach = <Handler extends object>(handler: Handler, description: Description): Handler => {
  descriptions.set(handler, description)
  return handler
}
export const descriptionOf = (handler: object): Description | undefined => descriptions.get(handler)

const proceed: MiddlewareHandler = (_, next) => next()

/**
 * Says in a route what it does and answers.
 * @example app.get('/models', describe('Models that nodes can use', { 200: { description: 'The models', schema } }), handler)
 */
export const describe = (summary: string, answers: Record<number, Answer>, more: Description = {}): MiddlewareHandler =>
  attach((...given: Parameters<MiddlewareHandler>) => proceed(...given), { summary, answers, ...more })

import type { Context } from 'hono'
import type { Finding } from '#runtime/pipeline/document.ts'
import type { Fault } from '#runtime/pipeline/faults.ts'
import type { Problem } from './api.ts'

/** Everything that the API can refuse, with its HTTP status. The one place where codes meet statuses. */
export const problems = {
  'bad-request': [400, 'The request cannot be read'],
  'bad-json': [400, 'The body is not JSON'],
  'sign-in': [401, 'Sign in first'],
  'bad-signature': [401, 'The signature is not valid'],
  forbidden: [403, 'This key may not do that'],
  'host-refused': [403, 'Unknown host name'],
  'origin-refused': [403, 'Unknown origin'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'Method not allowed'],
  'name-taken': [409, 'The name is taken'],
  'in-use': [409, 'Something depends on it'],
  'lease-lost': [409, 'The lease was lost'],
  'offset-conflict': [409, 'The upload stands elsewhere'],
  'not-published': [409, 'There is no published version'],
  'revision-conflict': [412, 'Someone saved before you'],
  'too-large': [413, 'The body is too large'],
  'range-unsatisfiable': [416, 'There are no such bytes'],
  'unsupported-type': [415, 'Unsupported content type'],
  invalid: [422, 'The request does not fit'],
  findings: [422, 'The pipeline has problems'],
  'idempotency-conflict': [422, 'The key was used with another body'],
  'revision-missing': [428, 'If-Match is missing'],
  'queue-full': [429, 'Too many runs are waiting'],
  internal: [500, 'Something broke here'],
  'run-failed': [500, 'The run failed'],
  'run-cancelled': [500, 'The run was cancelled'],
  unavailable: [503, 'Not available right now'],
  stopping: [503, 'The server is stopping'],
} as const satisfies Record<string, readonly [status: number, title: string]>
export type ProblemCode = keyof typeof problems

type Extra = {
  errors?: Problem['errors']
  findings?: Finding[]
  /** Members beside the standard ones, such as the current revision. */
  more?: Record<string, unknown>
  headers?: Record<string, string>
  cause?: unknown
}

/** The one error that routes throw. The message says what happened and what to do; it is sent to the client. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ProblemCode
  readonly extra: Extra

  constructor(code: ProblemCode, detail: string, extra: Extra = {}) {
    super(detail, { cause: extra.cause })
    this.code = code
    this.extra = extra
  }

  get status(): number {
    return problems[this.code][0]
  }

  toJSON(): Problem {
    const [status, title] = problems[this.code]
    return {
      ...this.extra.more,
      type: 'about:blank',
      title,
      status,
      code: this.code,
      detail: this.message,
      ...(this.extra.errors && { errors: this.extra.errors }),
      ...(this.extra.findings && { findings: this.extra.findings }),
    }
  }
}

/** Says which parts of the request do not fit, by JSON pointer. */
export const invalidAt = (errors: NonNullable<Problem['errors']>): ApiError =>
  new ApiError(
    'invalid',
    errors.map(({ pointer, message }) => (pointer ? `${pointer}: ${message}` : message)).join(' '),
    {
      errors,
    },
  )
/** The same for one place; with a rule the editor tells it in the reader's language. */
export const invalid = (pointer: string, message: string, broken: Pick<Fault, 'rule' | 'values'> = {}): ApiError =>
  invalidAt([{ pointer, message, ...broken }])

export const notFound = (what: string): ApiError =>
  new ApiError('not-found', `There is no such ${what}. It may have been deleted; look at the list.`)

/** Answers with problem details (RFC 9457). */
export const answerProblem = (c: Context, error: ApiError): Response =>
  c.body(JSON.stringify(error), error.status as 400, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...error.extra.headers,
  })

import { NodeError } from '#nodes/errors.ts'
import type { ApiError, ProblemCode } from '../errors.ts'
import { asApiError } from '../known-errors.ts'
import type { Log } from '../log.ts'

/** An error as OpenAI's clients read it: `{ error: { message, type, param, code } }`. */
export class OpenAiError extends Error {
  override readonly name = 'OpenAiError'
  readonly status: number
  readonly code: string
  /** The field of the request that is wrong. */
  readonly param: string | null
  /** Seconds. */
  readonly retryAfter: number | undefined
  /** Asking again would do the same work again: OpenAI's clients, which retry every 5xx by themselves, are told not to. */
  readonly final: boolean

  constructor(
    status: number,
    code: string,
    message: string,
    more: { param?: string | null; retryAfter?: number; final?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.status = status
    this.code = code
    this.param = more.param ?? null
    this.retryAfter = more.retryAfter
    this.final = more.final ?? false
  }

  toJSON() {
    return { error: { message: this.message, type: typeOf(this.status), param: this.param, code: this.code } }
  }

  toResponse(): Response {
    return new Response(JSON.stringify(this), {
      status: this.status,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        ...(this.final && { 'x-should-retry': 'false' }),
        ...(this.retryAfter !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(this.retryAfter))) }),
      },
    })
  }
}

const typeOf = (status: number): string => {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

/** Problems of the API whose name OpenAI's clients know by another word. */
const renamed: Partial<Record<ProblemCode, string>> = { 'sign-in': 'invalid_api_key', 'not-found': 'not_found' }

/** What a worker, or the way to one, can refuse: status by the code of a NodeError. */
const statuses: Record<string, number> = {
  'model-missing': 404,
  'model-limit': 429,
  'tenant-limit': 429,
  'rate-limit': 429,
  'queue-full': 429,
  'all-busy': 503,
  'no-worker': 503,
  'worker-silent': 504,
}

const snake = (code: string): string => code.replaceAll('-', '_')

const asRefusal = (error: NodeError): OpenAiError => {
  const later = error.retry !== 'never'
  const retryAfter = typeof error.retry === 'object' ? error.retry.after / 1_000 : 1
  const code = error.code === 'model-missing' ? 'model_not_found' : snake(error.code)
  return new OpenAiError(statuses[error.code] ?? (later ? 503 : 500), code, error.message, {
    ...(error.code === 'model-missing' && { param: 'model' }),
    ...(later && { retryAfter }),
    cause: error,
  })
}

/** Any error as `/v1` tells it. What nobody foresaw is logged whole and told without its details. */
export const asOpenAiError = (error: unknown, log: Log): OpenAiError => {
  if (error instanceof OpenAiError) return error
  if (error instanceof NodeError) return asRefusal(error)
  const known: ApiError = asApiError(error, log)
  const retry = Number(known.extra.headers?.['retry-after'])
  const param = known.extra.errors?.[0]?.pointer.slice(1).replaceAll('/', '.')
  return new OpenAiError(known.status, renamed[known.code] ?? snake(known.code), known.message, {
    ...(param && { param }),
    ...(Number.isFinite(retry) && { retryAfter: retry }),
    cause: known,
  })
}

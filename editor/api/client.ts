import type { Problem } from '#server/api.ts'

/** Every failed call. `code` is the problem's stable code, or `offline` where no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly status: number
  readonly problem: Problem | undefined

  constructor(code: string, status: number, message: string, options: { problem?: Problem; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.status = status
    this.problem = options.problem
  }
}

/** Whether an answer says that something is not there, or not any more. */
export const isGone = (error: unknown): boolean => error instanceof ApiError && error.status === 404

type Query = Record<string, string | number | undefined>
export type CallOptions = {
  body?: unknown
  query?: Query
  headers?: Record<string, string>
  signal?: AbortSignal
}

const withQuery = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
  return given.length ? `${path}?${new URLSearchParams(given)}` : path
}

/** Problem details as the error that is thrown. */
export const apiErrorOf = (problem: Problem): ApiError =>
  new ApiError(problem.code, problem.status, problem.detail, { problem })

/** What a response that is not 2xx says, also where a proxy answered instead of our server. */
export const errorOf = async (response: Response): Promise<ApiError> => {
  const text = await response.text().catch(() => '')
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  if (!isProblem)
    return new ApiError(`http-${response.status}`, response.status, text.slice(0, 2_000) || response.statusText)
  return apiErrorOf(JSON.parse(text) as Problem)
}

/** A call that may answer anything; `send` throws ApiError and nothing else but AbortError. */
export const send = async (method: string, path: string, options: CallOptions = {}): Promise<Response> => {
  const { body, query, headers, signal } = options
  const raw = body instanceof Blob
  const response = await fetch(withQuery(path, query), {
    method,
    headers: { ...(body !== undefined && !raw && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError('offline', 0, 'The server does not answer.', { cause })
  })
  if (!response.ok) throw await errorOf(response)
  return response
}

/**
 * A call of the API, answered as JSON. The answer's type is that of the contract in server/api.ts.
 * @example await call<Pipeline>('GET', `/api/pipelines/${id}`)
 */
export const call = async <Answer>(method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
  const response = await send(method, path, options)
  // 204: the caller's type is void.
  return (response.status === 204 ? undefined : await response.json()) as Answer
}

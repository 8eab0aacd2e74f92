/** Why a worker refuses or fails a call. The codes are part of the HTTP contract. */
export type WorkerErrorCode =
  | 'invalid_body'
  | 'unsupported_parameter'
  | 'unsupported_schema'
  | 'context_length_exceeded'
  | 'invalid_api_key'
  | 'model_not_found'
  | 'model_unusable'
  | 'queue_full'
  | 'queue_timeout'
  | 'engine_crashed'
  | 'engine_unreachable'
  | 'draining'
  | 'not_implemented'
  | 'internal'

/** HTTP status and OpenAI error type of every code; `retry` is the Retry-After in seconds. */
const table: Record<WorkerErrorCode, { status: number; type: string; retry?: number }> = {
  invalid_body: { status: 400, type: 'invalid_request_error' },
  unsupported_parameter: { status: 400, type: 'invalid_request_error' },
  unsupported_schema: { status: 400, type: 'invalid_request_error' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'authentication_error' },
  model_not_found: { status: 404, type: 'not_found_error' },
  model_unusable: { status: 422, type: 'invalid_request_error' },
  queue_full: { status: 429, type: 'rate_limit_error', retry: 1 },
  // 429, as for a full line: a busy worker is not a broken one, and 503 would count against it.
  queue_timeout: { status: 429, type: 'rate_limit_error', retry: 5 },
  engine_crashed: { status: 503, type: 'server_error', retry: 1 },
  engine_unreachable: { status: 503, type: 'server_error', retry: 2 },
  draining: { status: 503, type: 'server_error', retry: 5 },
  not_implemented: { status: 501, type: 'invalid_request_error' },
  internal: { status: 500, type: 'server_error' },
}

/** The one error of the worker. It crosses the process border as `{ code, message, param }`. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  readonly code: WorkerErrorCode
  /** The field of the request that is wrong, in OpenAI's notation. */
  readonly param: string | null

  constructor(code: WorkerErrorCode, message: string, options: { cause?: unknown; param?: string | null } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.param = options.param ?? null
  }

  get status(): number {
    return table[this.code].status
  }

  get retryAfter(): number | undefined {
    return table[this.code].retry
  }

  /** The body that OpenAI's clients understand. */
  toJSON() {
    return { error: { message: this.message, type: table[this.code].type, param: this.param, code: this.code } }
  }
}

/** Any thrown value as a WorkerError; what is not expected becomes `internal`. */
export const asWorkerError = (error: unknown): WorkerError =>
  error instanceof WorkerError
    ? error
    : new WorkerError('internal', `The worker failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })

import { HTTPException } from 'hono/http-exception'
import { DatabaseError, isPassing } from '#runtime/store/database-error.ts'
import { type RefusalCode, RuntimeRefusal } from '#runtime/store/refusal.ts'
import { ApiError, type ProblemCode } from './errors.ts'
import type { Log } from './log.ts'

/** What the runtime refuses, in the API's words. Exhaustive: a new refusal does not compile without a line here. */
const refusals: Record<RefusalCode, ProblemCode> = {
  'queue-full': 'queue-full',
  'idempotency-conflict': 'idempotency-conflict',
  'database-down': 'unavailable',
  stopping: 'stopping',
  'bad-input': 'invalid',
  fenced: 'unavailable',
}

const later = (seconds: number) => ({ headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } })

/** Any error as the API tells it. What nobody foresaw is logged whole and told without its details. */
export const asApiError = (error: unknown, log: Log): ApiError => {
  if (error instanceof ApiError) return error
  if (error instanceof RuntimeRefusal) {
    const code = refusals[error.code]
    const waits = code === 'queue-full' || code === 'unavailable' || code === 'stopping'
    return new ApiError(code, error.message, { cause: error, ...(waits && later(error.retryAfter ?? 2)) })
  }
  if (isPassing(error)) {
    log('warn', 'the database does not answer', { error })
    return new ApiError('unavailable', 'The database does not answer right now. Try again in a moment.', later(2))
  }
  // Class 22, data exception: what was sent cannot be stored.
  if (error instanceof DatabaseError && error.code.startsWith('22')) {
    return new ApiError('invalid', 'A value of the request cannot be stored.', { cause: error })
  }
  if (error instanceof HTTPException && error.status < 500) {
    return new ApiError('bad-request', error.message || 'The request cannot be read.', { cause: error })
  }
  log('error', 'a request broke', { error })
  return new ApiError('internal', 'The server could not do this, and logged why. Look at its log, or try again.')
}

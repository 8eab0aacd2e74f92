/**
 * What a database said no with. `code` is the SQLSTATE, or `connection-lost` when nobody can say whether the statement
 * was carried out.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: string
  readonly detail: string | undefined
  readonly constraint: string | undefined

  constructor(code: string, message: string, more: { detail?: string; constraint?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.code = code
    this.detail = more.detail
    this.constraint = more.constraint
  }

  toJSON() {
    return { code: this.code, message: this.message, detail: this.detail, constraint: this.constraint }
  }
}

/** What postgres.js says in `code` when the socket, not the server, failed. */
const socketCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'CONNECTION_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
/** Node marks its own errors, such as EMFILE, with the call that failed. */
const isSystemError = (error: Error): boolean => 'syscall' in error

/** Gives any driver's error the one shape; what is no database error passes unchanged. */
export const asDatabaseError = (error: unknown): unknown => {
  if (error instanceof DatabaseError || !(error instanceof Error) || !('code' in error)) return error
  const { code, message, detail, constraint, constraint_name } = error as Error & Record<string, unknown>
  if (typeof code !== 'string') return error
  if (socketCodes.has(code) || isSystemError(error))
    return new DatabaseError('connection-lost', message, { cause: error })
  if (!/^[0-9A-Z]{5}$/.test(code)) return error
  const named = constraint ?? constraint_name
  return new DatabaseError(code, message, {
    ...(typeof detail === 'string' && { detail }),
    ...(typeof named === 'string' && { constraint: named }),
    cause: error,
  })
}

/**
 * Whether it is the values that the database will not take: data (22), a constraint (23), a limit (54), or an error of this
 * program on the way there. Whatever else it says no to, such as a primary that is read-only for a moment, is no run's fault.
 */
export const isAboutValues = (error: unknown): boolean =>
  !(error instanceof DatabaseError) || /^(22|23|54)/.test(error.code)

/**
 * Whether the same statement may be sent again as it is: the connection or the server went away, ran out of room for a
 * moment, or gave way in a deadlock. Sound only for statements that may be carried out twice.
 */
export const isPassing = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  (error.code === 'connection-lost' ||
    // 08 connection, 53 resources, 57P server going down or coming up, 40 deadlock and serialisation, 55P03 lock timeout
    /^(08|53|57P|40|55P03|57014|58030)/.test(error.code))

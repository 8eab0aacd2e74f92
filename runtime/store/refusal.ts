export const refusalCodes = [
  'queue-full',
  'idempotency-conflict',
  'database-down',
  'stopping',
  'bad-input',
  'fenced',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** The runtime would not accept something. Nothing of it happened. */
export class RuntimeRefusal extends Error {
  override readonly name = 'RuntimeRefusal'
  readonly code: RefusalCode
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined

  constructor(code: RefusalCode, message: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.retryAfter = options.retryAfter
  }

  toJSON() {
    return { code: this.code, message: this.message, retryAfter: this.retryAfter }
  }
}

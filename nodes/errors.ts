/** When a failed step may be tried again; `after` is in milliseconds. */
export type Retry = 'never' | 'later' | { after: number }

/**
 * The one error a node throws on purpose. `code` is stable and kebab-case; the message says what happened *and what to do*.
 * @example throw new NodeError('invalid-json', 'The text is not JSON. Ask the model for JSON only.', { retry: 'never' })
 */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  readonly code: string
  readonly retry: Retry
  /** Values for the translated message, by name. */
  readonly details: Record<string, unknown>

  constructor(
    code: string,
    message: string,
    options: { retry?: Retry; cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.retry = options.retry ?? 'never'
    this.details = options.details ?? {}
  }

  toJSON() {
    return { code: this.code, message: this.message, details: this.details }
  }
}

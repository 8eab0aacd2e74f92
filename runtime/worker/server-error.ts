/** Why a call to the server failed: `unreachable` and `unavailable` may pass, the others will not by themselves. */
export type ServerErrorCode =
  | 'unreachable'
  | 'unavailable'
  | 'unauthorized'
  | 'lease-lost'
  | 'conflict'
  | 'refused'
  | 'odd-answer'

/** The one error of calls to the server. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode
  /** What the server named as the problem, such as `token-expired`. */
  readonly problem: string | undefined
  /** Seconds after which the server wants to be asked again. */
  readonly after: number | undefined

  constructor(
    code: ServerErrorCode,
    message: string,
    options: { cause?: unknown; problem?: string | undefined; after?: number | undefined } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.problem = options.problem
    this.after = options.after
  }

  get passes(): boolean {
    return this.code === 'unreachable' || this.code === 'unavailable'
  }
}

const isLost = (error: unknown, code: ServerErrorCode) => error instanceof ServerError && error.code === code
/** The lease is somebody else's by now, or the job is over. */
export const isLeaseLost = (error: unknown): boolean => isLost(error, 'lease-lost')

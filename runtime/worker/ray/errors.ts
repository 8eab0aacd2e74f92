export type RayErrorCode =
  | 'ray-unreachable'
  | 'ray-refused'
  | 'ray-busy'
  | 'ray-not-found'
  | 'ray-answer'
  | 'package-too-large'
  | 'job-lost'
  | 'job-failed'
  | 'bad-spec'
  | 'outputs-lost'
  | 'application-failed'

/** Codes after which the same call may do better: the cluster was away, or a node died under the job. */
const retried: ReadonlySet<RayErrorCode> = new Set(['ray-unreachable', 'ray-busy', 'job-lost', 'outputs-lost'])

/** Why Ray did not do what it was asked. `cause` is what it said. */
export class RayError extends Error {
  override readonly name = 'RayError'
  /** Ours, or the trainer's own code (`bad-data`, `loss-not-finite`, …). */
  readonly code: RayErrorCode | (string & {})
  /** Whether another attempt may succeed. */
  readonly retry: boolean

  constructor(code: RayErrorCode | (string & {}), message: string, options: { cause?: unknown; retry?: boolean } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.retry = options.retry ?? retried.has(code as RayErrorCode)
  }
}

import type { JobEvent, Lease } from '../../dispatch/protocol.ts'

/** Does the jobs of one kind. */
export type JobExecutor = {
  /** The capability, such as `train`. */
  kind: string
  run: (
    job: {
      lease: Lease
      /** The job's own, removed at its end. */
      folder: string
      /** Name → local path. */
      inputs: Record<string, string>
      /** A folder with the checkpoint's files of an earlier attempt. */
      checkpoint: string | undefined
    },
    /** A told checkpoint folder is copied before `tell` returns; its files may change afterwards. */
    tell: (event: JobEvent | { type: 'checkpoint-folder'; folder: string }) => void,
    /** Aborts with a `JobStop`. */
    signal: AbortSignal,
  ) => Promise<{
    /** Name → local path. */
    outputs: Record<string, string>
    summary: Record<string, unknown>
  }>
}

/**
 * Why a job is to stop. `cancelled`: somebody asked; `lost`: the lease is another worker's, nothing counts any more, so stop at
 * once; `released`: this worker drains, so save a checkpoint, tell it and stop.
 */
export type StopReason = 'cancelled' | 'lost' | 'released'

/** The reason of an executor's aborted signal. */
export class JobStop extends Error {
  override readonly name = 'JobStop'
  readonly why: StopReason

  constructor(why: StopReason) {
    super({ cancelled: 'The job was cancelled.', lost: 'The lease was lost.', released: 'The worker drains.' }[why])
    this.why = why
  }
}

/** Thrown by an executor: the job failed for a reason with a name. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure'
  readonly code: string
  /** Whether another attempt, perhaps elsewhere, may succeed. */
  readonly retry: boolean

  constructor(code: string, message: string, retry = false) {
    super(message)
    this.code = code
    this.retry = retry
  }
}

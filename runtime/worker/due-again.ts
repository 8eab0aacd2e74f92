/** Milliseconds before a model that failed is tried again. */
const retryAfter = 60_000

/** Whether what failed then, on this process' monotonic clock, may be tried again. */
export const isDueAgain = (failedAt: number | undefined): boolean =>
  failedAt !== undefined && performance.now() - failedAt > retryAfter

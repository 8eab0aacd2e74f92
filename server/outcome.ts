import type { RunRecord } from '#runtime/engine/run.ts'
import { ApiError } from './errors.ts'

/** The problem that a run which did not succeed is, for callers who only wanted its output. */
export const answerFailed = (run: Pick<RunRecord, 'id' | 'status' | 'error'>): ApiError => {
  const headers = { 'patchbay-run': run.id }
  if (run.status === 'cancelled') {
    return new ApiError('run-cancelled', 'The run was cancelled before it ended.', { more: { run: run.id }, headers })
  }
  const { error } = run
  const place = error?.node === undefined ? '' : `${error.node}: `
  return new ApiError('run-failed', error ? place + error.message : 'The run failed.', {
    more: { run: run.id, error },
    headers,
  })
}

import type { StepRow } from '../store/journal.ts'
import type { RunEvent } from './events.ts'

/** The event that a row of the journal was told as, or is told as again. */
export const eventOfRow = (row: StepRow): RunEvent => {
  const step = { node: row.node, ...(row.path.length > 0 && { path: row.path }), seq: row.seq }
  if (row.status === 'skipped') {
    const reason = row.mark === 'branch' || row.mark === 'disabled' ? row.mark : 'upstream'
    return { type: 'step-skip', ...step, reason }
  }
  const ran = { ...step, at: (row.startedAt ?? 0) + row.ms, ms: row.ms, attempt: row.attempt }
  if (row.status === 'failed') {
    return { type: 'step-fail', ...ran, error: row.error ?? { code: 'unexpected', message: 'The step failed.' } }
  }
  return {
    type: 'step-end',
    ...ran,
    outputs: row.outputs ?? {},
    ...(row.usage && { usage: row.usage }),
    ...(row.mark === 'pinned' && { pinned: true as const }),
    ...(row.mark === 'cached' && { cached: true as const }),
  }
}

import type { StepRow } from '../store/journal.ts'
import { readStepRows } from '../store/step-rows.ts'
import type { Core } from './core.ts'
import { type EndStatus, endStatuses, type RunEvent, type RunStatus } from './events.ts'
import { readRecord, type StoredRun } from './read-record.ts'
import { eventOfRow } from './replay.ts'

/** Milliseconds between two looks at a run of another process. */
const pause = 500

/** Tells a run from its journal: all of it if it has ended, else as it grows, until it ends or comes to this process. */
export async function* followStored(
  core: Core,
  id: string,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent> {
  const { query } = core.deps.database
  let last = after
  for (let first = true; !signal?.aborted; first = false) {
    const stored = await readRecord(query, core.deps.artifacts, id)
    if (!stored) return
    const { record } = stored
    if (first)
      yield { type: 'run-start', run: id, at: Date.parse(record.startedAt ?? record.createdAt), input: record.input }
    const rows = await readStepRows(query, id, core.deps.artifacts, last)
    last = rows.at(-1)?.seq ?? last
    yield* eventsOf(rows, isEnd(record.status))
    if (isEnd(record.status)) return yield endOf(stored, record.status)
    if (core.table.get(id)?.stopped === false) return
    await core.clock.sleep(pause, signal).catch(() => undefined)
  }
}

const isEnd = (status: RunStatus): status is EndStatus => (endStatuses as readonly string[]).includes(status)

/** Plain steps one by one; items of maps as counts. */
function* eventsOf(rows: readonly StepRow[], ended: boolean): Generator<RunEvent> {
  const maps = new Map<string, Extract<RunEvent, { type: 'map-progress' }>>()
  for (const row of rows) {
    if (row.path.length === 0) {
      yield eventOfRow(row)
      continue
    }
    const progress = maps.get(row.node) ?? {
      type: 'map-progress' as const,
      node: row.node,
      done: 0,
      failed: 0,
      skipped: 0,
      ended,
      ms: 0,
      usage: { inputTokens: 0, outputTokens: 0 },
    }
    maps.set(row.node, progress)
    progress[row.status === 'succeeded' ? 'done' : row.status] += 1
    progress.ms += row.ms
    if (progress.usage && row.usage) {
      progress.usage.inputTokens += row.usage.inputTokens
      progress.usage.outputTokens += row.usage.outputTokens
    }
    if (row.outputs) progress.last = { path: row.path, outputs: row.outputs }
  }
  yield* maps.values()
}

const endOf = ({ record, endSeq }: StoredRun, status: EndStatus): RunEvent => ({
  type: 'run-end',
  seq: endSeq ?? 0,
  run: record.id,
  at: Date.parse(record.endedAt ?? record.createdAt),
  status,
  ...(record.output && { output: record.output }),
  ...(record.error && { error: record.error }),
  usage: record.usage,
})

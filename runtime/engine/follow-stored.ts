import { summariseNodes } from '../store/run-steps.ts'
import { findRun } from '../store/runs.ts'
import { readPlainRows } from '../store/step-rows.ts'
import type { Core } from './core.ts'
import { type EndStatus, endStatuses, type RunEvent, type RunStatus } from './events.ts'
import { eventOfRow } from './replay.ts'
import type { RunRecord } from './run.ts'

/** Milliseconds between two looks at a run of another process. */
const pause = 500

/** Tells a run from its journal: all of it if it has ended, else as it grows, until it ends or comes to this process. */
export async function* followStored(
  core: Core,
  id: string,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent> {
  const { database, artifacts } = core.deps
  let last = after
  let begun = false
  while (!signal?.aborted) {
    const stored = await findRun(database.query, artifacts, id)
    if (!stored) return
    const { record, endSeq } = stored
    if (!begun)
      yield { type: 'run-start', run: id, at: timeOf(record.startedAt ?? record.createdAt), input: record.input }
    begun = true
    const rows = await readPlainRows(database.query, id, artifacts, last)
    last = rows.at(-1)?.seq ?? last
    yield* rows.map(eventOfRow)
    if (endSeq === null || endSeq > after) yield* countsOf(core, id, isEnd(record.status))
    if (isEnd(record.status)) return yield endOf(record, record.status, endSeq ?? last + 1)
    if (core.table.get(id)?.stopped === false) return
    await core.clock.sleep(pause, signal).catch(() => undefined)
  }
}

const timeOf = (time: string): number => Date.parse(time)

const isEnd = (status: RunStatus): status is EndStatus => (endStatuses as readonly string[]).includes(status)

/** Items are told as counts, as they are while they run. */
async function* countsOf({ deps }: Core, id: string, ended: boolean): AsyncGenerator<RunEvent> {
  for (const { node, items, ms, usage } of await summariseNodes(deps.database.query, deps.artifacts, id)) {
    if (!items) continue
    const { total, failed, skipped } = items
    const done = total - failed - skipped
    yield {
      type: 'map-progress',
      node,
      done,
      failed,
      skipped,
      ended,
      ms,
      ...(ended && { total }),
      ...(usage && { usage }),
    }
  }
}

const endOf = (record: RunRecord, status: EndStatus, seq: number): RunEvent => ({
  type: 'run-end',
  seq,
  run: record.id,
  at: timeOf(record.endedAt ?? record.createdAt),
  status,
  ...(record.output && { output: record.output }),
  ...(record.error && { error: record.error }),
  usage: record.usage,
})

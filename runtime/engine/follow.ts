import type { ActiveRun } from './active-run.ts'
import type { Core } from './core.ts'
import type { RunEvent } from './events.ts'
import { followStored } from './follow-stored.ts'
import { progressOf } from './map-progress.ts'
import { eventOfRow } from './replay.ts'

/** Tells a run's events from `after` on, wherever it is executed, until it has ended or the signal aborts. */
export async function* follow(core: Core, id: string, after = 0, signal?: AbortSignal): AsyncGenerator<RunEvent> {
  let last = after
  let begun = after > 0
  while (!signal?.aborted) {
    const run = core.table.get(id)
    // An end that is on its way to the database is told from there.
    if (run?.end) await run.parts.journal.durable(id).catch(() => undefined)
    const events = run && !run.stopped ? followActive(run, last, signal) : followStored(core, id, last, signal)
    for await (const event of events) {
      if (event.type === 'run-start') {
        if (begun) continue
        begun = true
      }
      if ('seq' in event) last = event.seq
      yield event
      if (event.type === 'run-end') return
    }
    // A run that left this process, or came to it, goes on; an unknown one has no events at all.
    if (!run && !core.table.get(id)) return
  }
}

/** First what has happened, then what happens. */
async function* followActive(run: ActiveRun, after: number, signal?: AbortSignal): AsyncGenerator<RunEvent> {
  const listener = run.hub.listen(signal)
  const mark = run.state.seq
  const inFlight = run.streams.soFar()
  try {
    yield { type: 'run-start', run: run.id, at: run.startedAt, input: run.request.input }
    if (!(await isDurable(run))) return
    const rows = run.state.root.rows.filter((row) => row !== undefined && row.seq > after && row.seq <= mark)
    for (const row of rows.sort((a, b) => (a?.seq ?? 0) - (b?.seq ?? 0))) if (row) yield eventOfRow(row)
    yield* inFlight
    for (const index of run.counts.keys()) {
      const node = run.plan.nodes[index]
      if (node) yield progressOf(run, node, false)
    }
    yield* listener.events
  } finally {
    listener.leave()
  }
}

/** False when the run was lost before. */
const isDurable = async (run: ActiveRun): Promise<boolean> => {
  try {
    await run.parts.journal.durable(run.id)
    return true
  } catch {
    return false
  }
}

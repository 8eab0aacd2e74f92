import { findRun } from '../store/runs.ts'
import { finished } from './clock.ts'
import type { Core, Ending } from './core.ts'
import { endStatuses, type RunStatus } from './events.ts'
import type { RunRecord } from './run.ts'

/** Milliseconds between two looks at a run of another process. */
const pause = 250

const hasEnded = (status: RunStatus): boolean => (endStatuses as readonly string[]).includes(status)

/** Waits up to `ms` for the end of a run, wherever it is executed. */
export const waitFor = async (
  core: Core,
  id: string,
  ms: number,
  signal?: AbortSignal,
): Promise<RunRecord | undefined> => {
  const until = core.clock.now() + ms
  for (;;) {
    const over = new AbortController()
    const told = await ending(core, id, until - core.clock.now(), over, signal)
    over.abort(finished)
    if (told?.number !== undefined) return { ...told, number: told.number }
    const stored = await findRun(core.deps.database.query, core.deps.artifacts, id)
    if (!stored || hasEnded(stored.record.status)) return stored?.record
    const left = until - core.clock.now()
    if (left <= 0 || signal?.aborted) return stored.record
    if (!core.table.get(id)) await sleep(core, Math.min(left, pause), signal)
  }
}

const ending = async (
  core: Core,
  id: string,
  left: number,
  over: AbortController,
  signal: AbortSignal | undefined,
): Promise<Ending | undefined> => {
  const recent = core.endings.recent(id)
  if (recent || left <= 0 || !core.table.get(id)) return recent
  const gone = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  const late = sleep(core, left, gone).then(() => undefined)
  return Promise.race([core.endings.next(id, gone), late])
}

const sleep = async (core: Core, ms: number, signal?: AbortSignal): Promise<void> => {
  try {
    await core.clock.sleep(ms, signal)
  } catch {
    // Woken by the signal.
  }
}

import { createActiveRun } from '#runtime/engine/active-run.ts'
import { systemClock } from '#runtime/engine/clock.ts'
import { execute } from '#runtime/engine/execute.ts'
import { createHub } from '#runtime/engine/hub.ts'
import { createMemo } from '#runtime/engine/memo.ts'
import type { Plan } from '#runtime/engine/plan.ts'
import { emptyState, type RunState } from '#runtime/engine/state.ts'
import { createStreams } from '#runtime/engine/streams.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { request } from './engines.ts'
import { memoryJournal } from './memory-journal.ts'

/** Executes a plan without a database, from a state on, and tells what was journaled. */
export const runPurely = async (
  plan: Plan,
  document: PipelineDocument,
  input: Record<string, unknown>,
  state: RunState = emptyState(plan),
) => {
  const { journal, entries, ends } = memoryJournal()
  const hub = createHub(async () => undefined)
  const run = createActiveRun(
    {
      journal,
      clock: systemClock,
      random: () => 0.5,
      memo: createMemo(),
      lease: () => undefined,
      stopped: () => undefined,
      log: () => undefined,
      artifacts: {
        write: () => Promise.reject(new Error('no artifacts')),
        read: () => Promise.reject(new Error('no artifacts')),
        has: async () => false,
      },
      secret: async () => undefined,
      endpoint: async (model) => ({ url: '', model }),
    },
    {
      id: 'run',
      epoch: 1,
      request: request(document, input),
      plan,
      state,
      createdAt: 0,
      startedAt: 0,
      hub,
      streams: createStreams(systemClock, hub),
    },
  )
  await execute(run)
  return { run, entries, end: ends[0] }
}

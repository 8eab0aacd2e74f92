import { type ActiveRun, createActiveRun } from './active-run.ts'
import type { Core } from './core.ts'
import { createHub } from './hub.ts'
import type { Plan } from './plan.ts'
import type { StartRequest } from './run.ts'
import type { RunState } from './state.ts'
import { createStreams } from './streams.ts'

type Beginning = {
  id: string
  epoch: number
  request: StartRequest
  plan: Plan
  state: RunState
  createdAt: number
}

/** Puts a run into the memory of this process, in a place that was reserved for it. */
export const activate = (core: Core, of: Beginning): ActiveRun => {
  const { parts } = core
  const hub = createHub(() => parts.journal.durable(of.id))
  const run = createActiveRun(parts, { ...of, startedAt: of.createdAt, hub, streams: createStreams(core.clock, hub) })
  core.table.add(run)
  return run
}

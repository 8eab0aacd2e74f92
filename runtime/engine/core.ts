import type { ActiveRun, Parts } from './active-run.ts'
import type { Clock } from './clock.ts'
import type { EngineDependencies } from './engine.ts'
import type { Membership } from './membership.ts'
import type { PlanCache } from './plan-cache.ts'
import type { RunRecord } from './run.ts'
import type { RunTable } from './run-table.ts'

/** What the verbs of one engine work on. */
export type Core = {
  deps: EngineDependencies
  clock: Clock
  plans: PlanCache
  table: RunTable
  /** Replaced when this process lost its lease and joined again. */
  membership: Membership
  parts: Parts
  endings: Endings
  /** Takes over or takes on runs from the database, as far as there are places. */
  claimSoon: () => void
  /** Begins anew as an owner of runs, after others had reason to hold this process for dead. */
  rejoin: () => Promise<void>
  /** No runs are taken and no steps are started any more. */
  stopping: boolean
  /** A claim failed: by their rows, runs may be this process's that it does not know of. */
  mayHaveStrays: boolean
  /** Runs may be waiting in the database for a place here. */
  mayBeQueued: boolean
}

/** How a run ended, as far as memory knows. */
export type Ending = Omit<RunRecord, 'number'> & { number: number | undefined }

/** Tells those who wait for the end of a run. */
export type Endings = {
  /** Resolves with the ending, or with undefined when the run left this process. */
  next: (id: string, signal: AbortSignal) => Promise<Ending | undefined>
  tell: (id: string, ending: Ending | undefined) => void
  /** Of a run that ended a moment ago: its starter may ask only now. */
  recent: (id: string) => Ending | undefined
}

export const createEndings = (kept = 256): Endings => {
  const waiting = new Map<string, Set<(ending: Ending | undefined) => void>>()
  const recent = new Map<string, Ending>()
  return {
    next: (id, signal) =>
      new Promise((resolve) => {
        const those = waiting.get(id) ?? new Set()
        waiting.set(id, those)
        const told = (ending: Ending | undefined) => {
          signal.removeEventListener('abort', gone)
          resolve(ending)
        }
        const gone = () => {
          those.delete(told)
          if (those.size === 0) waiting.delete(id)
          resolve(undefined)
        }
        those.add(told)
        signal.addEventListener('abort', gone, { once: true })
        if (signal.aborted) gone()
      }),
    tell: (id, ending) => {
      if (ending) recent.set(id, ending)
      if (recent.size > kept) recent.delete(recent.keys().next().value as string)
      const those = waiting.get(id)
      waiting.delete(id)
      for (const told of those ?? []) told(ending)
    },
    recent: (id) => recent.get(id),
  }
}

export const endingOf = (run: ActiveRun): Ending | undefined => {
  const { end, request } = run
  if (!end) return undefined
  const startedAt = new Date(run.startedAt).toISOString()
  return {
    id: run.id,
    number: run.number,
    pipeline: request.pipeline ?? null,
    name: request.document.name,
    version: request.version ?? null,
    trigger: request.trigger,
    status: end.status,
    input: request.input,
    output: end.output,
    error: end.error,
    createdAt: new Date(run.createdAt).toISOString(),
    startedAt,
    endedAt: new Date(end.at).toISOString(),
    usage: end.usage,
  }
}

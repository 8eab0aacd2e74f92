import type { Usage } from '#nodes/define.ts'

/** Why a step or a run failed: a stable code, what happened and what to do. */
export type RunError = {
  code: string
  message: string
  node?: string
  path?: readonly number[]
  details?: Record<string, unknown>
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled'
export const endStatuses = ['succeeded', 'failed', 'cancelled'] as const
export type EndStatus = (typeof endStatuses)[number]

/** `path` is the item position of a mapped node, outermost first; absent for a plain step. Times are Unix milliseconds. */
type Step = { node: string; path?: readonly number[] }

/**
 * What is told of a run while it runs, over SSE and inside the process. Journaled events carry `seq`, the number that
 * Last-Event-ID resumes from; deltas, progress and counts are hints and are never journaled.
 */
export type RunEvent =
  | { type: 'run-start'; run: string; at: number; input: Record<string, unknown> }
  | ({ type: 'step-start'; attempt: number; at: number } & Step)
  | ({ type: 'step-delta'; port: string; delta: string; attempt: number } & Step)
  | ({
      type: 'step-progress'
      fraction: number
      note?: string
      /** Such as loss and rate. */
      metrics?: Record<string, number>
      secondsLeft?: number
    } & Step)
  /** The attempt failed and another follows at `retryAt`; what was streamed is void. */
  | ({ type: 'step-restart'; attempt: number; error: RunError; retryAt: number } & Step)
  | ({
      type: 'step-end'
      seq: number
      at: number
      ms: number
      attempt: number
      outputs: Record<string, unknown>
      usage?: Usage
      cached?: true
      pinned?: true
    } & Step)
  | ({ type: 'step-skip'; seq: number; reason: 'branch' | 'disabled' | 'upstream' } & Step)
  | ({ type: 'step-fail'; seq: number; at: number; ms: number; attempt: number; error: RunError } & Step)
  /** Mapped nodes report counts, at most 10 times a second, instead of one event per item. `ended`: no item is left. */
  | {
      type: 'map-progress'
      node: string
      total?: number
      done: number
      failed: number
      skipped: number
      ended: boolean
      ms: number
      usage?: Usage
      last?: { path: readonly number[]; outputs: Record<string, unknown> }
    }
  | {
      type: 'run-end'
      seq: number
      run: string
      at: number
      status: EndStatus
      output?: Record<string, unknown>
      error?: RunError
      usage: Usage
    }

import type { DeploymentRequest, Endpoint, JobRequest, JobResult, Registry, TunedModel } from '#nodes/define.ts'
import type { Artifacts } from '../store/artifacts.ts'
import type { Database } from '../store/database.ts'
import type { RunEvent } from './events.ts'
import type { RunRecord, StartRequest } from './run.ts'

/** The step that asks. `key` is the same on every attempt. */
export type StepOrigin = { workspace: string; run: string; pipeline?: string; node: string; key: string }
export type JobProgress = { fraction: number; note?: string; metrics?: Record<string, number>; secondsLeft?: number }
/** What reaches beyond a run and stays when it is over. */
export type Outside = {
  /** Makes the job, or finds the one of this key, and waits for its end. Aborting cancels it. Throws NodeError. */
  job: (
    of: StepOrigin,
    request: JobRequest,
    told: (progress: JobProgress) => void,
    signal: AbortSignal,
  ) => Promise<JobResult>
  keepModel: (of: StepOrigin, model: TunedModel) => Promise<{ model: string }>
  deploy: (of: StepOrigin, request: DeploymentRequest) => Promise<{ name: string; revision: number }>
}

export type EngineDependencies = {
  database: Database
  registry: Registry
  artifacts: Artifacts
  /** The value of a secret of a workspace, or undefined. */
  secret: (workspace: string, name: string) => Promise<string | undefined>
  /** The engine that serves a local model. Throws NodeError `model-missing`, `no-worker`. */
  endpoint: (model: string, signal: AbortSignal, workspace: string) => Promise<Endpoint>
  /** What steps ask of jobs, tuned models and deployments. Left out: nodes that need them say that they are missing. */
  outside?: Outside
  /** Unix milliseconds; injected so that tests own the time. */
  clock?: { now: () => number; sleep: (ms: number, signal?: AbortSignal) => Promise<void> }
  /** Runs in memory at once (PATCHBAY_RUNS). */
  runs?: number
  /** How long a start may wait for the database before it is refused as `database-down`, in ms; 2,000 unless told. */
  patience?: number
  /** Where other processes reach this one, for proxied events and cancels. */
  url?: string
  log?: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}

export type Engine = {
  /**
   * Accepts a run. Resolves when its start is durable (or, for a repeated key, found): from then on it reaches exactly one
   * terminal state. Throws RuntimeRefusal `queue-full`, `idempotency-conflict`, `database-down`, `stopping`.
   */
  start: (request: StartRequest) => Promise<{ id: string; repeated: boolean }>
  /** Resolves with the finished run once its end is durable, or with the run as it is after `ms`. */
  wait: (id: string, ms: number, signal?: AbortSignal) => Promise<RunRecord | undefined>
  /** Live events of a run, after replaying journaled ones with `seq` above `after`. Ends with `run-end`. */
  events: (id: string, after?: number, signal?: AbortSignal) => AsyncIterable<RunEvent>
  /** False when the run had already ended or does not exist. */
  cancel: (workspace: string, id: string) => Promise<boolean>
  /** Stops taking runs, lets steps in flight end for up to `ms`, hands the rest back. */
  stop: (ms?: number) => Promise<void>
}

import type { Artifact } from '#nodes/ports.ts'
import type { JobError, WorkerBeat, WorkerOffer } from '#runtime/dispatch/protocol.ts'
import type { DeploymentTarget } from '#runtime/dispatch/targets.ts'
import type { JobProgress } from '#runtime/engine/engine.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Finding, PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Fault } from '#runtime/pipeline/faults.ts'

/** RFC 9457 problem details; every error of the API has this body (`application/problem+json`). */
export type Problem = {
  type: string
  title: string
  status: number
  /** Stable and kebab-case; the editor translates by it. */
  code: string
  /** What happened and what to do. */
  detail: string
  /** JSON pointers into the request that are wrong. */
  errors?: Fault[]
  findings?: Finding[]
}

export type Page<Item> = { items: Item[]; next: string | null }

export type PipelineSummary = {
  id: string
  name: string
  revision: number
  /** Latest published version, or null. */
  version: number | null
  nodes: number
  /** Node types and places, for the thumbnail. */
  shape: { nodes: { id: string; type: string; at: [number, number] }[]; edges: { from: string; to: string }[] }
  lastRuns: { id: string; status: RunRecord['status'] }[]
  updatedAt: string
}
export type Pipeline = {
  id: string
  name: string
  revision: number
  version: number | null
  document: PipelineDocument
  findings: Finding[]
  /** Uploaded files that the document's resources can name. */
  files: { path: string; sha256: string; bytes: number }[]
  updatedAt: string
}
/** The answer to POST and PUT of a pipeline. */
export type Saved = { id: string; name: string; revision: number; findings: Finding[] }
export type Version = { version: number; publishedAt: string; note: string | null }

/** One step as the run view lists it; items of mapped nodes are paged by node. */
export type StepRecord = {
  node: string
  path: number[]
  status: 'succeeded' | 'failed' | 'skipped'
  attempt: number
  startedAt: string | null
  /** Null for skipped steps. */
  endedAt: string | null
  ms: number
  outputs: Record<string, unknown> | null
  error: RunRecord['error']
  usage: { inputTokens: number; outputTokens: number } | null
}
/** GET /api/runs/:id adds these to the run record. */
export type RunDetail = RunRecord & {
  document: PipelineDocument
  /** One entry per node, in start order; `items` counts a mapped node's items. */
  nodes: {
    node: string
    status: StepRecord['status'] | 'running'
    items: { total: number; failed: number; skipped: number } | null
    startedAt: string | null
    endedAt: string | null
    ms: number
    outputs: Record<string, unknown> | null
    error: RunRecord['error']
    usage: { inputTokens: number; outputTokens: number } | null
    /** Of a plain node: where its result comes from, or why it was skipped; null for one that ran. */
    mark: 'cached' | 'pinned' | 'branch' | 'disabled' | 'upstream' | null
  }[]
}
export type Session = { signedIn: boolean; workspace: string; version: string }
export type ModelInfo = { id: string; title: string; ready: boolean; reason?: string }
export type Hook = {
  name: string
  pipeline: string
  version: 'latest' | number
  mode: 'sync' | 'stream' | 'async'
  auth: 'standard' | 'bearer' | 'github' | 'stripe' | 'none'
  createdAt: string
}
/**
 * A pipeline that ships with Patchbay (`GET /api/examples`, a page). `POST /api/examples/:id` puts a copy with its files among
 * the workspace's pipelines and answers 201 Saved. `id` is the name of its folder in examples/.
 */
export type Example = { id: string; document: PipelineDocument }

/**
 * `GET /api/workers` (a page). `POST /api/workers` answers 201 `{token, expiresAt}`, a one-time token for `npm run worker`.
 * `POST /api/workers/:id/drain` and `/resume` (204), `DELETE /api/workers/:id` (204).
 */
export type WorkerInfo = {
  id: string
  name: string
  /** `local`: the child process of this server, which nobody enrolled. `lost`: three heartbeats were missed. */
  state: 'ready' | 'draining' | 'lost' | 'new'
  local: boolean
  seenAt: string | null
  /** What it has, without its engine token. */
  offer: Omit<WorkerOffer, 'engineToken'> | null
  beat: WorkerBeat | null
  /** Requests of this server that are under way there, and those that wait for it here. */
  inFlight: number
  /** Set while it is left out after failures: why, and until when. */
  broken: { reason: string; until: string } | null
}
/** Requests that wait for a model (`GET /api/workers/queue`, `{items}`): why, and how long the first has left, if known. */
export type WaitingModel = {
  model: string
  waiting: number
  running: number
  /** Stable: `no-worker`, `all-busy`, `model-limit`, `tenant-limit`, `loading`, `broken`. */
  reason: string
  secondsLeft: number | null
}

/** `GET /api/jobs` (a page, newest first, `?state=`), `GET /api/jobs/:id`, `POST /api/jobs/:id/cancel` (202), `GET /api/jobs/:id/events` (a page of JobEventRecord, oldest first). */
export type JobInfo = {
  id: string
  kind: string
  state: 'queued' | 'leased' | 'succeeded' | 'failed' | 'cancelled'
  run: string | null
  node: string | null
  attempt: number
  worker: { id: string; name: string } | null
  progress: JobProgress | null
  /** While queued: `no-capable-worker`, `all-busy`, `behind-others`. */
  waits: string | null
  /** With `no-capable-worker`: what no worker has, and the most that one has of it. Memory is in bytes. */
  lacks: { what: 'capability' } | { what: 'gpus' | 'memory'; needs: number; most: number } | null
  error: JobError | null
  summary: Record<string, unknown> | null
  createdAt: string
  startedAt: string | null
  endedAt: string | null
}
export type JobEventRecord = { attempt: number; number: number; at: string; event: unknown }

/** `GET /api/models/tuned` (a page), `DELETE /api/models/tuned/:name` (409 `in-use` while a deployment serves it). */
export type TunedModelInfo = {
  name: string
  versions: {
    /** `tuned:<name>@<version>` */
    id: string
    version: number
    base: string
    form: 'adapter' | 'whole'
    files: Record<string, Artifact>
    dataDigest: string
    settings: Record<string, unknown>
    metrics: Record<string, unknown>
    job: string
    run: string | null
    createdAt: string
  }[]
}

/**
 * `GET /api/deployments` (a page), `GET /api/deployments/:name`, `POST /api/deployments` `{name, target, note?}` (201, makes the
 * deployment or its next revision), `POST /api/deployments/:name/live` `{revision}` (200, goes back or forth),
 * `DELETE /api/deployments/:name` (204). Its name is the `model` of `/v1/chat/completions`.
 */
export type DeploymentInfo = {
  name: string
  /** The live one. */
  revision: number
  target: DeploymentTarget
  updatedAt: string
  revisions: {
    revision: number
    target: DeploymentTarget
    note: string | null
    run: string | null
    createdAt: string
  }[]
}

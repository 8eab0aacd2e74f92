import type { RunRecord } from '#runtime/engine/run.ts'
import type { Finding, PipelineDocument } from '#runtime/pipeline/document.ts'

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
  errors?: { pointer: string; message: string }[]
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

import type { Usage } from '#nodes/define.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import type { RunError, RunStatus } from './events.ts'

/** SHA-256 by path: the files that the document's resources may name, as they were when the run started. */
export type FileManifest = Readonly<Record<string, string>>

/** Asks for a run of a snapshot; the caller has checked that it has no error findings and that the input fits. */
export type StartRequest = {
  workspace: string
  /** Absent for a file run by the CLI. */
  pipeline?: string
  /** Absent for a draft's snapshot. */
  version?: number
  document: PipelineDocument
  files: FileManifest
  input: Record<string, unknown>
  trigger: 'manual' | 'api' | 'hook' | 'cli'
  /** Same trigger, key and body digest: the same run. */
  idempotency?: { trigger: string; key: string; bodyDigest: string }
}

/** A run as the API shows it. Times are ISO 8601, UTC. */
export type RunRecord = {
  id: string
  /** Counts up per workspace: `#214`. */
  number: number
  pipeline: string | null
  name: string
  version: number | null
  trigger: StartRequest['trigger']
  status: RunStatus
  input: Record<string, unknown>
  output: Record<string, unknown> | null
  error: RunError | null
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  usage: Usage
}

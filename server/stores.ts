import type { LeaseEnd } from '#runtime/dispatch/protocol.ts'
import type { DeploymentTarget } from '#runtime/dispatch/targets.ts'
import type { FileManifest, RunRecord } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { ApiKey, ApiKeyInfo } from '#runtime/store/api-keys.ts'
import type { HookSettings, StoredHook } from '#runtime/store/hooks.ts'
import type { Holder, NumberedEvent } from '#runtime/store/job-leases.ts'
import type { JobState, StoredJob } from '#runtime/store/job-rows.ts'
import type { StoredJobEvent } from '#runtime/store/jobs.ts'
import type {
  DeploymentInfo,
  Page,
  Pipeline,
  PipelineSummary,
  RunDetail,
  StepRecord,
  TunedModelInfo,
  Version,
} from './api.ts'
import type { Scope } from './scopes.ts'

export type Paging = { limit: number; cursor?: string | undefined }
export type StoredPipeline = Omit<Pipeline, 'findings'>
export type StoredVersion = Version & { document: PipelineDocument; files: FileManifest }

/** What the routes ask of the store. */
export type Stores = {
  pipelines: {
    /** With `from`: a copy that has the files of that pipeline. */
    create: (workspace: string, document: PipelineDocument, from?: string) => Promise<{ id: string; revision: number }>
    list: (workspace: string, paging: Paging) => Promise<Page<PipelineSummary>>
    get: (workspace: string, id: string) => Promise<StoredPipeline | undefined>
    /** `conflict`: the draft has another revision. */
    save: (
      workspace: string,
      id: string,
      revision: number,
      document: PipelineDocument,
    ) => Promise<{ revision: number } | 'conflict' | 'missing'>
    /** `servedBy`: the names of deployments that are in the way. */
    remove: (workspace: string, id: string) => Promise<{ deleted: boolean; servedBy: string[] }>
    publish: (
      workspace: string,
      id: string,
      document: PipelineDocument,
      note: string | null,
    ) => Promise<Version | undefined>
    versions: (workspace: string, id: string) => Promise<Version[]>
    /** The number of the newest version. */
    latest: (workspace: string, id: string) => Promise<number | undefined>
    version: (workspace: string, id: string, version: number | 'latest') => Promise<StoredVersion | undefined>
    putFile: (workspace: string, id: string, file: { path: string; sha256: string; bytes: number }) => Promise<boolean>
    removeFile: (workspace: string, id: string, path: string) => Promise<boolean>
  }
  runs: {
    list: (
      workspace: string,
      paging: Paging & { pipeline?: string | undefined; status?: RunRecord['status'] | undefined },
    ) => Promise<Page<RunRecord>>
    get: (workspace: string, id: string) => Promise<RunRecord | undefined>
    detail: (workspace: string, id: string) => Promise<RunDetail | undefined>
    steps: (workspace: string, id: string, paging: Paging & { node?: string | undefined }) => Promise<Page<StepRecord>>
    countByStatus: () => Promise<{ status: string; count: number }[]>
  }
  hooks: {
    /** Undefined: the name is taken. */
    create: (workspace: string, hook: HookSettings, secret: string | null) => Promise<StoredHook | undefined>
    list: (workspace: string) => Promise<StoredHook[]>
    find: (workspace: string, name: string) => Promise<{ hook: StoredHook; secret: string | null } | undefined>
    remove: (workspace: string, name: string) => Promise<boolean>
  }
  secrets: {
    list: (workspace: string) => Promise<{ name: string; updatedAt: string }[]>
    read: (workspace: string, name: string) => Promise<string | undefined>
    set: (workspace: string, name: string, value: string) => Promise<void>
    remove: (workspace: string, name: string) => Promise<boolean>
  }
  keys: {
    list: (workspace: string) => Promise<ApiKeyInfo[]>
    /** The token is given out here and kept nowhere. */
    create: (
      workspace: string,
      name: string,
      scope: Scope,
      only: readonly string[] | null,
    ) => Promise<{ id: string; token: string }>
    find: (token: string) => Promise<ApiKey | undefined>
    remove: (workspace: string, id: string) => Promise<boolean>
  }
  tuned: {
    list: (workspace: string, paging: Paging) => Promise<Page<TunedModelInfo>>
    /** `usedBy`: the deployments that serve it, which keep it. */
    remove: (workspace: string, name: string) => Promise<{ deleted: boolean; usedBy: string[] }>
  }
  deployments: {
    list: (workspace: string, paging: Paging) => Promise<Page<DeploymentInfo>>
    get: (workspace: string, name: string) => Promise<DeploymentInfo | undefined>
    /** What a name serves now. */
    target: (workspace: string, name: string) => Promise<{ revision: number; target: DeploymentTarget } | undefined>
    /** Undefined: the target is not there. */
    deploy: (
      workspace: string,
      revision: { name: string; target: DeploymentTarget; note: string | null; key: string },
    ) => Promise<{ revision: number } | undefined>
    goLive: (workspace: string, name: string, revision: number) => Promise<'done' | 'missing' | 'no-revision' | 'gone'>
    remove: (workspace: string, name: string) => Promise<boolean>
  }
  jobs: {
    list: (workspace: string, paging: Paging & { state?: JobState | undefined }) => Promise<Page<StoredJob>>
    get: (workspace: string, id: string) => Promise<StoredJob | undefined>
    events: (workspace: string, id: string, paging: Paging) => Promise<Page<StoredJobEvent>>
    /** False when it had ended. */
    cancel: (workspace: string, id: string) => Promise<boolean>
    /** Undefined: the lease is lost. */
    renew: (holder: Holder, events: readonly NumberedEvent[]) => Promise<{ cancel: boolean } | undefined>
    /** False: the lease is lost. */
    end: (holder: Holder, end: LeaseEnd) => Promise<boolean>
  }
  workers: {
    /** A token that lets one worker in. */
    enrolment: (workspace: string) => Promise<{ token: string; expiresAt: string }>
    /** The workspace of a one-time token, which is used up by this. */
    spendEnrolment: (token: string) => Promise<string | undefined>
    create: (workspace: string, name: string) => Promise<{ id: string; token: string }>
    find: (token: string) => Promise<{ workspace: string; id: string } | undefined>
    drain: (workspace: string, id: string, drain: boolean) => Promise<boolean>
    remove: (workspace: string, id: string) => Promise<boolean>
  }
  sessions: {
    create: (workspace: string) => Promise<string>
    /** The workspace that a session belongs to. */
    find: (token: string) => Promise<string | undefined>
    end: (token: string) => Promise<void>
  }
}

import type { FileManifest, RunRecord } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Hook, Page, Pipeline, PipelineSummary, RunDetail, StepRecord, Version } from './api.ts'
import type { Scope } from './scopes.ts'

export type Paging = { limit: number; cursor?: string | undefined }
export type StoredPipeline = Omit<Pipeline, 'findings'>
export type StoredVersion = Version & { document: PipelineDocument; files: FileManifest }
export type StoredHook = Hook & { id: string; secret: string | null }

/** What the routes ask of the store. */
export type Stores = {
  pipelines: {
    create: (workspace: string, document: PipelineDocument) => Promise<{ id: string; revision: number }>
    list: (workspace: string, paging: Paging) => Promise<Page<PipelineSummary>>
    get: (workspace: string, id: string) => Promise<StoredPipeline | undefined>
    /** `conflict`: the draft has another revision. */
    save: (
      workspace: string,
      id: string,
      revision: number,
      document: PipelineDocument,
    ) => Promise<{ revision: number } | 'conflict' | 'missing'>
    remove: (workspace: string, id: string) => Promise<boolean>
    publish: (workspace: string, id: string, version: { document: PipelineDocument; files: FileManifest; note: string | null }) => Promise<number>
    versions: (workspace: string, id: string) => Promise<Version[]>
    version: (workspace: string, id: string, version: number | 'latest') => Promise<StoredVersion | undefined>
    putFile: (workspace: string, id: string, file: { path: string; sha256: string; bytes: number }) => Promise<boolean>
    removeFile: (workspace: string, id: string, path: string) => Promise<boolean>
  }
  runs: {
    list: (workspace: string, paging: Paging & { pipeline?: string | undefined }) => Promise<Page<RunRecord>>
    get: (workspace: string, id: string) => Promise<RunRecord | undefined>
    detail: (workspace: string, id: string) => Promise<RunDetail | undefined>
    steps: (workspace: string, id: string, paging: Paging & { node?: string | undefined }) => Promise<Page<StepRecord>>
    countByStatus: () => Promise<{ status: string; count: number }[]>
  }
  hooks: {
    create: (workspace: string, hook: Omit<Hook, 'createdAt'> & { secret: string | null }) => Promise<Hook | 'taken'>
    list: (workspace: string) => Promise<Hook[]>
    find: (workspace: string, name: string) => Promise<StoredHook | undefined>
    remove: (workspace: string, name: string) => Promise<boolean>
  }
  secrets: {
    list: (workspace: string) => Promise<{ name: string; updatedAt: string }[]>
    set: (workspace: string, name: string, value: string) => Promise<void>
    remove: (workspace: string, name: string) => Promise<boolean>
  }
  keys: {
    list: (workspace: string) => Promise<{ id: string; name: string; scope: Scope; createdAt: string; usedAt: string | null }[]>
    create: (workspace: string, key: { name: string; scope: Scope; digest: string }) => Promise<{ id: string }>
    find: (digest: string) => Promise<{ workspace: string; scope: Scope } | undefined>
    remove: (workspace: string, id: string) => Promise<boolean>
  }
  sessions: {
    create: (workspace: string, digest: string, expiresAt: Date) => Promise<void>
    find: (digest: string) => Promise<{ workspace: string } | undefined>
    remove: (digest: string) => Promise<void>
  }
}

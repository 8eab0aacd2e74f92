import { z } from 'zod'
import { artifact as artifactValue } from '#nodes/ports.ts'
import { jobError, workerBeat, workerOffer } from '#runtime/dispatch/protocol.ts'
import { deploymentTarget } from '#runtime/dispatch/targets.ts'
import { endStatuses } from '#runtime/engine/events.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import { type Finding, pipelineDocument } from '#runtime/pipeline/document.ts'
import { jobStates } from '#runtime/store/job-rows.ts'
import type {
  DeploymentInfo,
  Example,
  Hook,
  JobEventRecord,
  JobInfo,
  ModelInfo,
  Page,
  Pipeline,
  PipelineSummary,
  RunDetail,
  Saved,
  Session,
  StepRecord,
  TunedModelInfo,
  Version,
  WaitingModel,
  WorkerInfo,
} from './api.ts'
import { hookAuths } from './hooks/signature.ts'
import { scopes } from './scopes.ts'

// What the API answers, for `/openapi.json`. Each is held to the type in api.ts that clients compile against.

const values = z.record(z.string(), z.unknown())
const usage = z.object({ inputTokens: z.number(), outputTokens: z.number() })
const jobProgress = z.object({
  fraction: z.number(),
  note: z.string().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  secondsLeft: z.number().optional(),
})
export const statuses = ['queued', 'running', 'waiting', ...endStatuses] as const
const status = z.enum(statuses)
const runError = z.object({
  code: z.string(),
  message: z.string(),
  node: z.string().optional(),
  path: z.array(z.int()).readonly().optional(),
  details: values.optional(),
})

export const finding = z.object({
  code: z.string(),
  level: z.enum(['error', 'warning']),
  message: z.string(),
  node: z.string().optional(),
  port: z.string().optional(),
  edge: z.int().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
}) as unknown as z.ZodType<Finding>

export const saved: z.ZodType<Saved> = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.int(),
  findings: z.array(finding),
})

export const workerInfo = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['ready', 'draining', 'lost', 'new']),
  local: z.boolean(),
  seenAt: z.string().nullable(),
  offer: workerOffer.omit({ engineToken: true }).nullable(),
  beat: workerBeat.nullable(),
  inFlight: z.int(),
  broken: z.object({ reason: z.string(), until: z.string() }).nullable(),
}) as unknown as z.ZodType<WorkerInfo>

export const jobInfo: z.ZodType<JobInfo> = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(jobStates),
  run: z.string().nullable(),
  node: z.string().nullable(),
  attempt: z.int(),
  worker: z.object({ id: z.string(), name: z.string() }).nullable(),
  progress: jobProgress.nullable(),
  waits: z.string().nullable(),
  lacks: z
    .union([
      z.object({ what: z.literal('capability') }),
      z.object({ what: z.enum(['gpus', 'memory']), needs: z.number(), most: z.number() }),
    ])
    .nullable(),
  error: jobError.nullable(),
  summary: values.nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
}) as unknown as z.ZodType<JobInfo>
export const jobEventRecord: z.ZodType<JobEventRecord> = z.object({
  attempt: z.int(),
  number: z.int(),
  at: z.string(),
  event: z.unknown(),
})

export const waitingModel: z.ZodType<WaitingModel> = z.object({
  model: z.string(),
  waiting: z.int(),
  running: z.int(),
  reason: z.string(),
  secondsLeft: z.number().nullable(),
})

export const pipeline: z.ZodType<Pipeline> = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.int(),
  version: z.int().nullable(),
  document: pipelineDocument,
  findings: z.array(finding),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })),
  updatedAt: z.string(),
})

export const pipelineSummary: z.ZodType<PipelineSummary> = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.int(),
  version: z.int().nullable(),
  nodes: z.int(),
  shape: z.object({
    nodes: z.array(z.object({ id: z.string(), type: z.string(), at: z.tuple([z.number(), z.number()]) })),
    edges: z.array(z.object({ from: z.string(), to: z.string() })),
  }),
  lastRuns: z.array(z.object({ id: z.string(), status })),
  updatedAt: z.string(),
})

export const version: z.ZodType<Version> = z.object({
  version: z.int(),
  publishedAt: z.string(),
  note: z.string().nullable(),
})

export const versionDocument = z.object({
  version: z.int(),
  publishedAt: z.string(),
  note: z.string().nullable(),
  document: pipelineDocument,
  files: z.record(z.string(), z.string()),
})
export const pipelineFile = z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })

const runShape = {
  id: z.string(),
  number: z.int(),
  pipeline: z.string().nullable(),
  name: z.string(),
  version: z.int().nullable(),
  trigger: z.enum(['manual', 'api', 'hook', 'cli']),
  status,
  input: values,
  output: values.nullable(),
  error: runError.nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  usage,
}
export const run = z.object(runShape) as unknown as z.ZodType<RunRecord>

const stepStatus = z.enum(['succeeded', 'failed', 'skipped'])
export const runDetail = z.object({
  ...runShape,
  document: pipelineDocument,
  nodes: z.array(
    z.object({
      node: z.string(),
      status: z.enum([...stepStatus.options, 'running']),
      items: z.object({ total: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      ms: z.number(),
      outputs: values.nullable(),
      error: runError.nullable(),
      usage: usage.nullable(),
      mark: z.enum(['cached', 'pinned', 'branch', 'disabled', 'upstream']).nullable(),
    }),
  ),
}) as unknown as z.ZodType<RunDetail>

export const step = z.object({
  node: z.string(),
  path: z.array(z.int()),
  status: stepStatus,
  attempt: z.int(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  ms: z.number(),
  outputs: values.nullable(),
  error: runError.nullable(),
  usage: usage.nullable(),
}) as unknown as z.ZodType<StepRecord>

export const hook: z.ZodType<Hook> = z.object({
  name: z.string(),
  pipeline: z.string(),
  version: z.union([z.literal('latest'), z.int()]),
  mode: z.enum(['sync', 'stream', 'async']),
  auth: z.enum(hookAuths),
  createdAt: z.string(),
})

export const model: z.ZodType<ModelInfo> = z
  .object({ id: z.string(), title: z.string(), ready: z.boolean(), reason: z.string() })
  .partial({ reason: true }) as unknown as z.ZodType<ModelInfo>

export const session: z.ZodType<Session> = z.object({
  signedIn: z.boolean(),
  workspace: z.string(),
  version: z.string(),
})

export const example: z.ZodType<Example> = z.object({ id: z.string(), document: pipelineDocument })

export const secret = z.object({ name: z.string(), updatedAt: z.string() })
export const key = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(scopes),
  only: z.array(z.string()).nullable(),
  createdAt: z.string(),
  usedAt: z.string().nullable(),
})

export const artifact = z.object({ sha256: z.string(), mime: z.string(), bytes: z.int(), name: z.string().optional() })

export const tunedModel = z.object({
  name: z.string(),
  versions: z.array(
    z.object({
      id: z.string(),
      version: z.int(),
      base: z.string(),
      form: z.enum(['adapter', 'whole']),
      files: z.record(z.string(), artifactValue),
      dataDigest: z.string(),
      settings: values,
      metrics: values,
      job: z.string(),
      run: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
}) as unknown as z.ZodType<TunedModelInfo>

export const deployment: z.ZodType<DeploymentInfo> = z.object({
  name: z.string(),
  revision: z.int(),
  target: deploymentTarget,
  updatedAt: z.string(),
  revisions: z.array(
    z.object({
      revision: z.int(),
      target: deploymentTarget,
      note: z.string().nullable(),
      run: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
})

export const pageOf = <Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> =>
  z.object({ items: z.array(item), next: z.string().nullable() })

/** Schemas that get a name of their own in `/openapi.json`. */
export const named = {
  PipelineDocument: pipelineDocument,
  Finding: finding,
  Saved: saved,
  Pipeline: pipeline,
  PipelineSummary: pipelineSummary,
  Version: version,
  Run: run,
  RunDetail: runDetail,
  Step: step,
  Hook: hook,
  Model: model,
  Session: session,
  Secret: secret,
  Key: key,
  Artifact: artifact,
  TunedModel: tunedModel,
  Deployment: deployment,
}

/** Lists are asked for by `?limit≤200&cursor=`. */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})

import { z } from 'zod'
import { kindSchema } from '../pipeline/ports.ts'

/**
 * What a worker and the server say to each other. The worker always calls (it works behind NAT); inference alone goes the
 * other way, to the OpenAI-style engine at the offer's `url`, or through calls that the worker fetches where it has no url.
 *
 * | call | by | body → answer |
 * |-|-|-|
 * | `POST /api/workers/enrol` | a one-time token | `enrolment` → `enrolled` |
 * | `PUT /api/workers/self` | the worker's token | `workerOffer` → 204 |
 * | `POST /api/workers/self/beats` | " | `workerBeat` → `beatReply`, every 5 s |
 * | `POST /api/leases/next` | " | `leaseRequest` → `lease`, or 204 after `wait` seconds |
 * | `POST /api/leases/:job/events` | " | `leaseEvents` → `leaseReply`, or 409 `lease-lost` |
 * | `POST /api/leases/:job/end` | " | `leaseEnd` → 204, or 409 `lease-lost` |
 * | `GET`, `HEAD /api/artifacts/:sha256` | " | bytes, with `Range` |
 * | `HEAD`, `PATCH /api/uploads/:sha256` | " | `upload-offset` so far; bytes from there on |
 */
export const beatEvery = 5_000
/** A worker that missed this many beats is lost. */
export const beatsMissed = 3
/** Seconds that a lease lasts without an event. */
export const leaseSeconds = 20
/** Milliseconds between checkpoints that a job uploads. */
export const checkpointEvery = 30_000

export const engineKinds = ['llama', 'external', 'python'] as const
const bytes = z.number().min(0)

export const device = z.object({
  kind: z.enum(['cpu', 'cuda', 'metal']),
  name: z.string().max(200),
  /** Of a CPU. */
  cores: z.int().positive().optional(),
  /** Bytes; a CPU's is the machine's memory. */
  memory: bytes,
  freeMemory: bytes,
})
export type Device = z.infer<typeof device>

export const enrolment = z.object({ name: z.string().trim().min(1).max(100), version: z.string().max(50) })
export const enrolled = z.object({ id: z.string(), token: z.string() })

/** Told at every start of a worker. */
export const workerOffer = z.object({
  name: z.string().trim().min(1).max(100),
  version: z.string().max(50),
  /** Where its engines answer, up to and including `/v1`; absent: calls are fetched by the worker. */
  url: z.url().optional(),
  /** What the server sends as a bearer token to `url`; new at every start. */
  engineToken: z.string().min(16).optional(),
  engines: z.array(z.object({ kind: z.enum(engineKinds), version: z.string().optional(), url: z.string().optional() })),
  devices: z.array(device),
  /** What it can do: `chat`, `embeddings`, `adapters`, and the kinds of jobs, such as `train`. */
  capabilities: z.array(z.string().max(50)),
})
export type WorkerOffer = z.infer<typeof workerOffer>

export const modelStates = ['unloaded', 'loading', 'ready', 'restarting', 'failed'] as const
export const workerModel = z.object({
  /** As the worker's engines name it: `tiny`, `file.gguf`, `tuned:name@1`. */
  id: z.string().max(300),
  state: z.enum(modelStates),
  reason: z.string().optional(),
  running: z.int(),
  waiting: z.int(),
  /** Generations of this model that run at once; without it, all that the worker has. */
  capacity: z.int().optional(),
  /** Tokens that prompt and answer may have together. */
  context: z.int().optional(),
})
export const workerBeat = z.object({
  state: z.enum(['ready', 'draining']),
  running: z.int(),
  waiting: z.int(),
  /** Generations that run at once. */
  capacity: z.int(),
  /** Share of the KV cache in use, 0 to 1, where the engine tells. */
  kvUse: z.number().min(0).max(1).optional(),
  freeMemory: bytes,
  devices: z.array(device).optional(),
  models: z.array(workerModel),
  /** The jobs that it works on. */
  jobs: z.array(z.string()),
})
export type WorkerBeat = z.infer<typeof workerBeat>

/** A file of a model, by digest. */
export const modelFile = z.object({ name: z.string(), sha256: z.string(), bytes })
/** A model that the server wants a worker to have ready; others may be evicted. */
export const desiredModel = z.object({
  id: z.string(),
  base: z.string(),
  form: z.enum(['adapter', 'whole']),
  files: z.array(modelFile),
})
export type DesiredModel = z.infer<typeof desiredModel>
export const beatReply = z.object({ drain: z.boolean(), models: z.array(desiredModel) })
export type BeatReply = z.infer<typeof beatReply>

/** What a worker must have for a job. */
export const jobNeeds = z.object({
  /** One of its capabilities. */
  capability: z.string(),
  gpus: z.int().min(0).default(0),
  /** Bytes of free memory on each GPU, or of the machine where `gpus` is 0. */
  memory: bytes.default(0),
})
export type JobNeeds = z.infer<typeof jobNeeds>

export const leaseRequest = z.object({
  capabilities: z.array(z.string()),
  gpus: z.int().min(0),
  memory: bytes,
  /** Seconds to wait for one. */
  wait: z.number().min(0).max(30).default(20),
})
export type LeaseRequest = z.infer<typeof leaseRequest>
export const artifactsByName = z.record(z.string(), kindSchema.file)
export const lease = z.object({
  job: z.string(),
  attempt: z.int(),
  kind: z.string(),
  spec: z.record(z.string(), z.unknown()),
  inputs: artifactsByName,
  /** Of an earlier attempt. */
  checkpoint: artifactsByName.nullable(),
  /** Seconds. */
  ttl: z.number(),
})
export type Lease = z.infer<typeof lease>

export const jobEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    /** 0 to 1. */
    fraction: z.number().min(0).max(1),
    note: z.string().max(200).optional(),
    /** Such as loss, rate, tokens. */
    metrics: z.record(z.string(), z.number()).optional(),
    secondsLeft: z.number().min(0).optional(),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), message: z.string().max(4_000) }),
  z.object({ type: z.literal('checkpoint'), files: artifactsByName }),
])
export type JobEvent = z.infer<typeof jobEvent>
/** As far as the table counts. */
const counter = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)
const attempt = counter
/** Numbered from 1 per attempt; an empty list renews the lease and nothing else. */
export const leaseEvents = z.object({
  attempt,
  events: z.array(z.object({ number: counter, event: jobEvent })).max(1_000),
})
export const leaseReply = z.object({ cancel: z.boolean(), ttl: z.number() })

export const jobError = z.object({
  code: z.string().max(100),
  message: z.string().max(4_000),
  /** Whether another attempt may succeed. */
  retry: z.boolean().default(false),
})
export type JobError = z.infer<typeof jobError>
/** `released`: not at fault, another worker may go on from the checkpoint (a worker that drains). */
export const leaseEnd = z.discriminatedUnion('status', [
  z.object({
    attempt,
    status: z.literal('succeeded'),
    outputs: artifactsByName,
    summary: z.record(z.string(), z.unknown()),
  }),
  z.object({ attempt, status: z.literal('failed'), error: jobError }),
  z.object({ attempt, status: z.literal('cancelled') }),
  z.object({ attempt, status: z.literal('released') }),
])
export type LeaseEnd = z.infer<typeof leaseEnd>

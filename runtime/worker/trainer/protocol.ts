import { z } from 'zod'

/** What `python -m patchbay_trainer job.json` reads. What is left out has the default that job.py gives it. */
export const trainJob = z.strictObject({
  method: z.enum(['lora', 'full', 'dpo', 'pretrain']),
  base: z.string(),
  data: z.string(),
  out: z.string(),
  epochs: z.int().min(1).optional(),
  batch: z.int().min(1).optional(),
  accumulate: z.int().min(1).optional(),
  rate: z.number().min(0).optional(),
  seed: z.int().optional(),
  longest: z.int().min(2).optional(),
  evaluation: z.string().optional(),
  evaluate_every: z.int().min(0).optional(),
  precision: z.enum(['auto', 'float32', 'bfloat16']).optional(),
  beta: z.number().min(0).optional(),
  from_scratch: z.boolean().optional(),
  rank: z.int().min(1).optional(),
  alpha: z.int().min(1).optional(),
  dropout: z.number().min(0).optional(),
  device: z.enum(['cpu', 'cuda']).optional(),
  threads: z.int().min(1).optional(),
  checkpoint_seconds: z.number().min(0).optional(),
})
export type TrainJob = z.infer<typeof trainJob>

const count = z.int().min(0)
const at = { step: count, steps: count }

/** A line that the trainer writes. The last one is `train-end`, `train-stop` (SIGTERM: saved, can go on) or `train-error`. */
export const trainMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('train-start'), ...at, rows: count, trained: count, parameters: count }),
  z.strictObject({
    type: z.literal('step-end'),
    ...at,
    loss: z.number(),
    rate: z.number(),
    tokens: count,
    /** Of dpo: the share of pairs whose better answer has the higher reward, and by how much on average. */
    accuracy: z.number().min(0).max(1).optional(),
    margin: z.number().optional(),
  }),
  z.strictObject({
    type: z.literal('evaluation-end'),
    ...at,
    loss: z.number(),
    accuracy: z.number().min(0).max(1).optional(),
  }),
  z.strictObject({ type: z.literal('checkpoint-end'), step: count, file: z.string() }),
  z.strictObject({ type: z.literal('train-stop'), ...at }),
  z.strictObject({ type: z.literal('train-end'), ...at, loss: z.number(), model: z.string() }),
  z.strictObject({
    type: z.literal('train-error'),
    code: z.enum(['bad-job', 'bad-data', 'bad-base', 'other-job', 'missing-package', 'loss-not-finite', 'crashed']),
    message: z.string(),
  }),
])
export type TrainMessage = z.infer<typeof trainMessage>

/** The same as JSON Schema, for Python: protocol.schema.json, which `node runtime/worker/trainer/write-schema.ts` writes. */
export const protocolSchema = () => ({ job: z.toJSONSchema(trainJob), message: z.toJSONSchema(trainMessage) })

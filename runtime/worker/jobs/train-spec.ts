import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { checkConvertible } from '../gguf/convert.ts'
import { JobFailure } from './executor.ts'

/** What a job of the kind `train` says. What is left out has the trainer's default. */
export const trainSpec = z.object({
  method: z.enum(['lora', 'full', 'dpo', 'pretrain']),
  base: z.string(),
  name: z.string(),
  epochs: z.int().min(1).optional(),
  rate: z.number().min(0).optional(),
  rank: z.int().min(1).optional(),
  alpha: z.int().min(1).optional(),
  batch: z.int().min(1).optional(),
  accumulate: z.int().min(1).optional(),
  longest: z.int().min(2).optional(),
  seed: z.int().optional(),
  evaluateEvery: z.int().min(0).optional(),
  precision: z.enum(['float32', 'bfloat16']).optional(),
  beta: z.number().min(0).optional(),
  fromScratch: z.boolean().optional(),
})
export type TrainSpec = z.infer<typeof trainSpec>

/** @throws JobFailure `bad-job` */
export const readTrainSpec = (spec: unknown): TrainSpec => {
  const parsed = trainSpec.safeParse(spec)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new JobFailure('bad-job', `The job's ${issue?.path.join('.') || 'settings'}: ${issue?.message}.`)
}

/** Whether a method trains an adapter, and not the weights themselves. */
const adapts = (method: TrainSpec['method']): boolean => method === 'lora' || method === 'dpo'

const tinyFolder = fileURLToPath(new URL('../models/tiny', import.meta.url))

/**
 * The folder of safetensors to train from: `local:tiny` ships with the project, `local:<folder>` lies in the folder of models.
 * Whether what is made of it can be served is asked before hours are spent on it.
 * @throws JobFailure `bad-base`
 */
export const findBase = async (
  models: string | undefined,
  { base, method }: Pick<TrainSpec, 'base' | 'method'>,
): Promise<string> => {
  const name = /^local:([^/\\\0]+)$/.exec(base)?.[1]
  if (!name || name.startsWith('.'))
    throw new JobFailure('bad-base', `"${base}" is no base to train from. Give local:tiny, or local:<folder>.`)
  if (name !== 'tiny' && models === undefined)
    throw new JobFailure(
      'bad-base',
      `This worker has no folder of models, so no "${base}". Start it with --models.`,
      true,
    )
  const folder = name === 'tiny' ? tinyFolder : join(models ?? '', name)
  const files = await readdir(folder).catch(() => [])
  if (!files.some((file) => file.endsWith('.safetensors')))
    // Another worker may have it.
    throw new JobFailure(
      'bad-base',
      `There is no folder "${name}" with safetensors among this worker's models. Training needs the model as transformers saves it (config.json, model.safetensors, tokenizer.json); a .gguf file cannot be trained.`,
      true,
    )
  await checkConvertible(folder, adapts(method) ? 'adapter' : 'model').catch(({ message }: Error) => {
    throw new JobFailure('bad-base', `What "${base}" would become could not be made GGUF: ${message}`)
  })
  return folder
}

/** What decides a training beside its settings; a checkpoint goes on only with the same. It travels beside checkpoint.pt. */
export const trainState = z.object({
  device: z.enum(['cpu', 'cuda']),
  threads: z.int().min(1),
  /** So far, over all attempts. */
  tokens: z.number(),
  seconds: z.number(),
})
export type TrainState = z.infer<typeof trainState>

/** What the trainer reads, in its own words. */
export const trainerJob = (
  spec: TrainSpec,
  paths: { base: string; data: string; evaluation: string | undefined; out: string },
  { device, threads }: Pick<TrainState, 'device' | 'threads'>,
  checkpointSeconds: number | undefined,
): Record<string, unknown> => {
  const { name: _, base: __, evaluateEvery, fromScratch, rank, alpha, beta, ...kept } = spec
  const adapter = adapts(spec.method)
  return {
    ...kept,
    ...(adapter && rank !== undefined && { rank }),
    ...(adapter && alpha !== undefined && { alpha }),
    ...(spec.method === 'dpo' && beta !== undefined && { beta }),
    ...(fromScratch !== undefined && { from_scratch: fromScratch }),
    base: paths.base,
    data: paths.data,
    out: paths.out,
    ...(paths.evaluation !== undefined && { evaluation: paths.evaluation }),
    ...(paths.evaluation !== undefined && evaluateEvery !== undefined && { evaluate_every: evaluateEvery }),
    device,
    threads,
    ...(checkpointSeconds !== undefined && { checkpoint_seconds: checkpointSeconds }),
  }
}

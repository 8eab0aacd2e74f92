import { expect, it } from 'vitest'
import { trainJob } from '../trainer/protocol.ts'
import { readTrainSpec, trainerJob } from './train-spec.ts'

const paths = { base: '/base', data: '/data', evaluation: '/held', out: '/out' }
const fixed = { device: 'cpu', threads: 1 } as const
const written = (spec: Record<string, unknown>, evaluation: string | undefined = paths.evaluation) =>
  trainJob.parse(
    trainerJob(readTrainSpec({ base: 'local:tiny', name: 'a', ...spec }), { ...paths, evaluation }, fixed, 1),
  )

it('gives the trainer every setting of its method, in its own words', () => {
  const shared = { epochs: 2, rate: 0.1, batch: 4, accumulate: 2, longest: 64, seed: 7, precision: 'bfloat16' }
  const told = {
    ...shared,
    base: '/base',
    data: '/data',
    out: '/out',
    device: 'cpu',
    threads: 1,
    checkpoint_seconds: 1,
  }
  const all = { ...shared, evaluateEvery: 5, rank: 4, alpha: 8, beta: 0.2 }
  const evaluated = { evaluation: '/held', evaluate_every: 5 }
  expect(written({ ...all, method: 'lora' })).toEqual({ ...told, ...evaluated, method: 'lora', rank: 4, alpha: 8 })
  expect(written({ ...all, method: 'full' })).toEqual({ ...told, ...evaluated, method: 'full' })
  expect(written({ ...all, method: 'dpo' })).toEqual({
    ...told,
    ...evaluated,
    method: 'dpo',
    rank: 4,
    alpha: 8,
    beta: 0.2,
  })
  expect(written({ ...all, method: 'pretrain', fromScratch: true })).toEqual({
    ...told,
    ...evaluated,
    method: 'pretrain',
    from_scratch: true,
  })
})
it('asks for no evaluation where there are no rows for it', () => {
  const spec = readTrainSpec({ base: 'local:tiny', name: 'a', method: 'full', evaluateEvery: 5 })
  const job = trainerJob(spec, { ...paths, evaluation: undefined }, fixed, undefined)
  expect(Object.keys(job)).not.toEqual(expect.arrayContaining(['evaluation']))
  expect(Object.keys(job)).not.toEqual(expect.arrayContaining(['evaluate_every']))
})

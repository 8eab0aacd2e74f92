import { expect, it } from 'vitest'
import { lackOf, lackText, spaceOf } from './lacks.ts'

const gpu = (memory: number) => ({ kind: 'cuda', name: 'A', memory, freeMemory: 0 }) as const
const cpu = { kind: 'cpu', name: 'C', memory: 64 * 2 ** 30, freeMemory: 1 } as const
const worker = (devices: Parameters<typeof spaceOf>[0]['devices'], capabilities = ['train']) => ({
  capabilities,
  ...spaceOf({ devices }),
})
const small = worker([cpu, gpu(24 * 2 ** 30)])
const uneven = worker([cpu, gpu(80 * 2 ** 30), gpu(40 * 2 ** 30)])
const needs = (gpus: number, gigabytes = 0) => ({ capability: 'train', gpus, memory: gigabytes * 2 ** 30 })

it.each([
  ['a worker could do it with nothing else to do', [small, uneven], needs(2, 40), undefined],
  ['nobody has the capability', [worker([cpu], ['chat'])], needs(0), 'No worker can do a "train" job.'],
  [
    'nobody has so many GPUs',
    [small, uneven],
    needs(8),
    'No worker that can do a "train" job has 8 GPUs; the most that one has is 2 GPUs.',
  ],
  [
    'those with enough GPUs have too little memory on the smallest',
    [small, uneven],
    needs(2, 41),
    'No worker that can do a "train" job has 41 GB of memory for it; the most that one has is 40 GB.',
  ],
  ['a machine without GPUs lends its own memory', [worker([cpu])], needs(0, 64), undefined],
])('says what no worker has: %s', (_, workers, wanted, text) => {
  const lack = lackOf(workers, wanted)
  expect(lack && lackText('train', lack)).toBe(text)
})

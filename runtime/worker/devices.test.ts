import { describe, expect, it } from 'vitest'
import { cpuDevice, parseDisplays, parseNvidiaSmi, roomForJobs } from './devices.ts'

const mebibyte = 1024 * 1024

describe('the lines of nvidia-smi', () => {
  it('give a device each, in bytes', () => {
    expect(parseNvidiaSmi('NVIDIA H100 80GB HBM3, 81559, 80994\nNVIDIA RTX 4000, Ada, 20475, 19000\n')).toEqual([
      { kind: 'cuda', name: 'NVIDIA H100 80GB HBM3', memory: 81_559 * mebibyte, freeMemory: 80_994 * mebibyte },
      { kind: 'cuda', name: 'NVIDIA RTX 4000, Ada', memory: 20_475 * mebibyte, freeMemory: 19_000 * mebibyte },
    ])
  })
  it.each([
    '',
    '\n',
    'No devices were found',
    'NVIDIA-SMI has failed because it could not, communicate',
    'GB10, [N/A], [N/A]',
  ])('give nothing for %j', (output) => expect(parseNvidiaSmi(output)).toEqual([]))
})
describe('the displays of a Mac', () => {
  it('name the chip that has Metal', () => {
    const told = {
      SPDisplaysDataType: [{ sppci_model: 'Apple M3', spdisplays_mtlgpufamilysupport: 'spdisplays_metal3' }],
    }
    expect(parseDisplays(JSON.stringify(told))).toBe('Apple M3')
  })
  it('name none that has not', () => {
    expect(parseDisplays('{"SPDisplaysDataType":[{"sppci_model":"Old"}]}')).toBeUndefined()
    expect(parseDisplays('{}')).toBeUndefined()
  })
})
it('knows the memory of this machine', () => {
  const { memory, freeMemory } = cpuDevice()
  expect(freeMemory).toBeGreaterThan(0)
  expect(freeMemory).toBeLessThanOrEqual(memory)
})
it('offers a job the fullest GPU’s memory, or the machine’s', () => {
  const cpu = { kind: 'cpu', name: 'c', memory: 10, freeMemory: 5 } as const
  const gpu = (freeMemory: number) => ({ kind: 'cuda', name: 'g', memory: 80, freeMemory }) as const
  expect(roomForJobs([cpu])).toEqual({ gpus: 0, memory: 5 })
  expect(roomForJobs([cpu, gpu(70), gpu(30)])).toEqual({ gpus: 2, memory: 30 })
})

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGgufFileInfo } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bool, f32, i32s, string, strings, u32 } from './metadata.ts'
import { encodeTensor } from './tensor-types.ts'
import { writeGguf } from './write.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-gguf-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const rising = (length: number) => Float32Array.from({ length }, (_, i) => i / 8)
const metadata = {
  'general.architecture': string('llama'),
  'general.name': string('이름'),
  'llama.block_count': u32(2),
  'llama.attention.layer_norm_rms_epsilon': f32(0.5),
  'tokenizer.ggml.tokens': strings(['a', '', 'ㄱ']),
  'tokenizer.ggml.token_type': i32s([1, -1, 3]),
  'tokenizer.ggml.add_bos_token': bool(false),
}

describe('a GGUF file', () => {
  test('is read back as it was written', async () => {
    const file = join(folder, 'whole.gguf')
    const bytes = await writeGguf(file, metadata, [
      { name: 'a.weight', shape: [3, 64], type: 'Q8_0', read: async () => rising(192) },
      { name: 'b.weight', shape: [5], type: 'F32', read: async () => rising(5) },
      { name: 'c.weight', shape: [2, 3], type: 'F16', read: async () => rising(6) },
    ])
    const info = await readGgufFileInfo(file)
    expect(info.version).toBe(3)
    expect(info.metadata).toMatchObject({
      general: { architecture: 'llama', name: '이름' },
      llama: { block_count: 2, attention: { layer_norm_rms_epsilon: 0.5 } },
      tokenizer: { ggml: { tokens: ['a', '', 'ㄱ'], token_type: [1, -1, 3], add_bos_token: false } },
    })
    const tensors = info.tensorInfo ?? []
    expect(tensors.map(({ name, dimensions, ggmlType }) => [name, dimensions.map(Number), ggmlType])).toEqual([
      ['a.weight', [64, 3], 8],
      ['b.weight', [5], 0],
      ['c.weight', [3, 2], 1],
    ])
    const whole = await readFile(file)
    expect(whole.length).toBe(bytes)
    const data = whole.length - 32 - 32
    expect([...new Float32Array(whole.buffer.slice(whole.byteOffset + data, whole.byteOffset + data + 20))]).toEqual([
      ...rising(5),
    ])
  })

  test('leaves nothing behind when it can not be written whole', async () => {
    const wrong = { name: 'a', shape: [2, 2], type: 'F32' as const, read: async () => rising(3) }
    await expect(writeGguf(join(folder, 'broken.gguf'), metadata, [wrong])).rejects.toThrow(
      '3 values do not fill 2 × 2',
    )
    const uneven = { name: 'a', shape: [2, 33], type: 'Q8_0' as const, read: async () => rising(66) }
    await expect(writeGguf(join(folder, 'broken.gguf'), metadata, [uneven])).rejects.toThrow('blocks of 32')
    expect((await readdir(folder)).filter((name) => name.startsWith('broken'))).toEqual([])
  })
})

describe('a quantised tensor', () => {
  test('keeps every value to within half a step of its block', () => {
    const values = Float32Array.from({ length: 96 }, (_, i) => Math.sin(i) * (1 + Math.floor(i / 32) * 10))
    const bytes = encodeTensor(values, 'Q8_0')
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (const [i, value] of values.entries()) {
      const block = Math.floor(i / 32) * 34
      const scale = view.getFloat16(block, true)
      expect(Math.abs(view.getInt8(block + 2 + (i % 32)) * scale - value)).toBeLessThan(
        scale * 0.5 + Math.abs(value) * 0.001,
      )
    }
  })

  test('of zeros is zeros', () => {
    expect(encodeTensor(new Float32Array(32), 'Q8_0').every((byte) => byte === 0)).toBe(true)
  })
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readGgufFileInfo } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { convertLora, convertModel } from '#runtime/worker/gguf/convert.ts'
import { interleaveHeads } from '#runtime/worker/gguf/llama-tensors.ts'
import { noise, safetensors, writeLlamaFolder } from '#tests/support/llama-folder.ts'
import { withLocalWorker } from '#tests/support/local-worker.ts'

const under = withLocalWorker()
let folder = ''
let original = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-llama-'))
  await writeLlamaFolder(folder)
  original = await readFile(join(folder, 'config.json'), 'utf8')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const config = (change: object) =>
  writeFile(join(folder, 'config.json'), JSON.stringify({ ...JSON.parse(original), ...change }))

describe('a folder of transformers', () => {
  test.each(['F32', 'F16', 'Q8_0'] as const)(
    'becomes a %s file that the engine loads and generates with',
    async (type) => {
      await convertModel(folder, join(under.folder(), `${type}.gguf`), { type, name: 'small' })
      const { url, token, model } = await under.worker().endpoint(`local:${type}.gguf`, AbortSignal.timeout(30_000))
      const response = await fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ model, temperature: 0, max_tokens: 5, messages: [{ role: 'user', content: 'héy' }] }),
      })
      const answer = await response.json()
      // <|im_start|> user \n h é(2) y <|im_end|> \n <|im_start|> assistant \n, a token a byte
      expect(answer.usage).toMatchObject({ prompt_tokens: 1 + 5 + 4 + 2 + 1 + 10, completion_tokens: 5 })
      expect(answer.choices[0].finish_reason).toBe('length')
    },
  )

  test('is refused with a reason when it is no plain Llama', async () => {
    const out = join(folder, 'out.gguf')
    await config({ model_type: 'gpt2' })
    await expect(convertModel(folder, out)).rejects.toThrow('Only Llama-family')
    await config({ rope_parameters: { rope_theta: 1, rope_type: 'yarn' } })
    await expect(convertModel(folder, out)).rejects.toThrow('yarn')
    await config({})
  })

  test('an adapter gets the heads of its base, in B only', async () => {
    const adapter = await mkdtemp(join(tmpdir(), 'patchbay-adapter-'))
    const weight = 'base_model.model.model.layers.1.self_attn.q_proj'
    const b = noise(64 * 4, 2)
    await writeFile(join(adapter, 'adapter_config.json'), JSON.stringify({ peft_type: 'LORA', lora_alpha: 8, r: 4 }))
    await writeFile(
      join(adapter, 'adapter_model.safetensors'),
      safetensors({
        [`${weight}.lora_A.weight`]: { shape: [4, 64], values: noise(4 * 64, 1) },
        [`${weight}.lora_B.weight`]: { shape: [64, 4], values: b },
      }),
    )
    const file = join(adapter, 'adapter.gguf')
    await convertLora(folder, adapter, file)
    const info = await readGgufFileInfo(file)
    expect(info.metadata).toMatchObject({ general: { type: 'adapter' }, adapter: { type: 'lora', lora: { alpha: 8 } } })
    expect(info.tensorInfo?.map((tensor) => tensor.name)).toEqual([
      'blk.1.attn_q.weight.lora_a',
      'blk.1.attn_q.weight.lora_b',
    ])
    const whole = await readFile(file)
    const last = whole.subarray(whole.length - b.byteLength)
    expect([...new Float32Array(whole.buffer.slice(last.byteOffset, last.byteOffset + b.byteLength))]).toEqual([
      ...interleaveHeads(b, [64, 4], 4),
    ])
    await rm(adapter, { recursive: true })
  })
})

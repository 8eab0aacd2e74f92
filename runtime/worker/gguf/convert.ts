import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type LlamaConfig, readLlamaConfig } from './llama-config.ts'
import { ggufName, interleaveHeads, rotatedHeads } from './llama-tensors.ts'
import { f32, type Metadata, string, u32 } from './metadata.ts'
import { readTensorFolder, type StoredTensor } from './safetensors.ts'
import type { TensorType } from './tensor-types.ts'
import { tokenizerMetadata } from './tokenizer.ts'
import { type TensorToWrite, writeGguf } from './write.ts'

const fileTypes: Record<TensorType, number> = { F32: 0, F16: 1, Q8_0: 7 }

const modelMetadata = (config: LlamaConfig, name: string, type: TensorType): Metadata => ({
  'general.architecture': string('llama'),
  'general.name': string(name),
  'general.file_type': u32(fileTypes[type]),
  'llama.vocab_size': u32(config.vocab_size),
  'llama.context_length': u32(config.max_position_embeddings),
  'llama.embedding_length': u32(config.hidden_size),
  'llama.block_count': u32(config.num_hidden_layers),
  'llama.feed_forward_length': u32(config.intermediate_size),
  'llama.attention.head_count': u32(config.num_attention_heads),
  'llama.attention.head_count_kv': u32(config.num_key_value_heads),
  'llama.rope.dimension_count': u32(config.head_dim),
  'llama.attention.layer_norm_rms_epsilon': f32(config.rms_norm_eps),
  'llama.rope.freq_base': f32(config.theta),
})

/** Values with the rows of rotated heads where llama.cpp wants them. */
const reader = ({ name, shape, read }: StoredTensor, config: LlamaConfig) => {
  const heads = rotatedHeads(name, config)
  return heads === undefined ? read : async () => interleaveHeads(await read(), shape, heads)
}

/**
 * Converts a folder of transformers' Llama (config, tokenizer, safetensors) to one GGUF file; resolves with its length.
 * Vectors stay 32-bit floats: they are small, and norms suffer most from rounding.
 */
export const convertModel = async (
  folder: string,
  file: string,
  { type = 'Q8_0', name = 'model' }: { type?: TensorType; name?: string } = {},
): Promise<number> => {
  const config = await readLlamaConfig(folder)
  const metadata = { ...modelMetadata(config, name, type), ...(await tokenizerMetadata(folder, config)) }
  const tensors = (await readTensorFolder(folder)).map(
    (tensor): TensorToWrite => ({
      name: ggufName(tensor.name),
      shape: tensor.shape,
      type: tensor.shape.length === 1 ? 'F32' : type,
      read: reader(tensor, config),
    }),
  )
  return writeGguf(file, metadata, tensors)
}

/**
 * Whether what is trained from this folder can become GGUF, an adapter for it or a whole model, without reading its weights.
 * @throws Error that says what stands in the way.
 */
export const checkConvertible = async (folder: string, result: 'adapter' | 'model'): Promise<void> => {
  const config = await readLlamaConfig(folder)
  if (result === 'adapter') return
  await tokenizerMetadata(folder, config)
  // Old models also keep the rotations, which transformers leaves out when it saves.
  for (const { name } of await readTensorFolder(folder)) if (!name.endsWith('rotary_emb.inv_freq')) ggufName(name)
}

const adapterConfig = z.object({
  peft_type: z.literal('LORA', { error: 'Only LoRA adapters can be converted.' }),
  lora_alpha: z.number().positive(),
  r: z.int().positive(),
  use_dora: z.literal(false, { error: 'DoRA adapters can not be converted.' }).optional(),
  use_rslora: z.boolean().optional(),
})

/**
 * Converts a PEFT LoRA folder to a GGUF adapter for a base model of the folder `base`. Of an adapter's two matrices only B
 * has the rows of the weight, and with them its heads.
 */
export const convertLora = async (base: string, folder: string, file: string): Promise<number> => {
  const config = await readLlamaConfig(base)
  const adapter = adapterConfig.parse(JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')))
  // llama.cpp scales by alpha / rank; rank-stabilised adapters by alpha / √rank.
  const alpha = adapter.use_rslora ? adapter.lora_alpha * Math.sqrt(adapter.r) : adapter.lora_alpha
  const tensors = (await readTensorFolder(folder)).map((tensor): TensorToWrite => {
    const side = /\.lora_([AB])\.weight$/.exec(tensor.name)?.[1]
    if (!side) throw new Error(`${tensor.name} is not a LoRA matrix. Save the adapter without other trained parts.`)
    const weight = tensor.name.replace(/\.lora_[AB]\.weight$/, '')
    return {
      name: `${ggufName(weight)}.lora_${side.toLowerCase()}`,
      shape: tensor.shape,
      type: 'F32',
      read: side === 'B' ? reader({ ...tensor, name: `${weight}.weight` }, config) : tensor.read,
    }
  })
  return writeGguf(
    file,
    {
      'general.architecture': string('llama'),
      'general.type': string('adapter'),
      'adapter.type': string('lora'),
      'adapter.lora.alpha': f32(alpha),
    },
    tensors,
  )
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const shape = z.object({
  model_type: z.literal('llama', { error: 'Only Llama-family models can be converted.' }),
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  intermediate_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  num_key_value_heads: z.int().positive().optional(),
  head_dim: z.int().positive().nullish(),
  max_position_embeddings: z.int().positive(),
  rms_norm_eps: z.number().positive(),
  /** transformers 4; version 5 has rope_parameters. */
  rope_theta: z.number().positive().optional(),
  rope_parameters: z.object({ rope_theta: z.number().positive(), rope_type: z.string().optional() }).optional(),
  rope_scaling: z.null({ error: 'Scaled rotations can not be converted yet.' }).optional(),
  bos_token_id: z.int().nullish(),
  eos_token_id: z.union([z.int(), z.array(z.int()).min(1)]),
  pad_token_id: z.int().nullish(),
})
export type LlamaConfig = z.infer<typeof shape> & {
  num_key_value_heads: number
  head_dim: number
  theta: number
  eos: number
}

/** The config.json of a transformers folder, with what is left out filled in. */
export const readLlamaConfig = async (folder: string): Promise<LlamaConfig> => {
  const parsed = shape.safeParse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'unreadable' }
    throw new Error(`config.json, ${path.join('.')}: ${message}`)
  }
  const config = parsed.data
  const type = config.rope_parameters?.rope_type ?? 'default'
  if (type !== 'default')
    throw new Error(`config.json, rope_parameters: rotations of type "${type}" can not be converted yet.`)
  return {
    ...config,
    num_key_value_heads: config.num_key_value_heads ?? config.num_attention_heads,
    head_dim: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    theta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000,
    eos: [config.eos_token_id].flat()[0] ?? 0,
  }
}

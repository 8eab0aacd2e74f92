import type { LlamaConfig } from './llama-config.ts'

const inBlock: Record<string, string> = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
}
const outside: Record<string, string> = { embed_tokens: 'token_embd', norm: 'output_norm', lm_head: 'output' }

/** The GGUF name of a weight of transformers' Llama. `base_model.model.` is PEFT's prefix. */
export const ggufName = (name: string): string => {
  const bare = name
    .replace(/^base_model\.model\./, '')
    .replace(/^model\./, '')
    .replace(/\.weight$/, '')
  const block = /^layers\.(\d+)\.(.+)$/.exec(bare)
  const known = block ? inBlock[block[2] ?? ''] : outside[bare]
  if (!known) throw new Error(`${name} is not a weight of a Llama model. Only Llama-family models can be converted.`)
  return block ? `blk.${block[1]}.${known}.weight` : `${known}.weight`
}

/**
 * transformers keeps the two halves of a rotated head apart (first all even, then all odd rotations); llama.cpp wants the two
 * numbers that are rotated together side by side.
 */
export const interleaveHeads = (values: Float32Array, shape: readonly number[], heads: number): Float32Array => {
  const [rows = 0, columns = 1] = shape
  const headRows = rows / heads
  const half = headRows / 2
  const moved = new Float32Array(values.length)
  for (let row = 0; row < rows; row += 1) {
    const within = row % headRows
    const target = row - within + (within % half) * 2 + Math.floor(within / half)
    moved.set(values.subarray(row * columns, (row + 1) * columns), target * columns)
  }
  return moved
}

/** How many heads the rows of a weight are rotated in; undefined where nothing is rotated. */
export const rotatedHeads = (name: string, config: LlamaConfig): number | undefined => {
  if (name.includes('.q_proj.')) return config.num_attention_heads
  if (name.includes('.k_proj.')) return config.num_key_value_heads
  return undefined
}

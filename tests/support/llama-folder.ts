import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const specials = ['<|pad|>', '<|im_start|>', '<|im_end|>']
const vocab = 3 + 256
export type LlamaShape = Record<'width' | 'inner' | 'layers' | 'heads' | 'keyHeads' | 'headDim' | 'context', number>
/** 100,000 weights. */
export const smallShape: LlamaShape = {
  ...{ width: 64, inner: 96, layers: 2, heads: 4, keyHeads: 2, headDim: 16 },
  context: 256,
}

/** The printable letter that stands for each byte in a byte-level tokenizer (GPT-2's table). */
const byteLetters = (): string[] => {
  const shown = new Set([...Array(256).keys()].filter((b) => (b >= 33 && b < 127) || (b >= 161 && b < 173) || b >= 174))
  let next = 256
  return [...Array(256).keys()].map((byte) => String.fromCodePoint(shown.has(byte) ? byte : next++))
}

/** Numbers that look random and are the same every time. */
export const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233) * 0.1)

/** A safetensors file of 32-bit floats. */
export const safetensors = (tensors: Record<string, { shape: number[]; values: Float32Array }>): Buffer => {
  let offset = 0
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape: of, values }]) => {
      const start = offset
      offset += values.byteLength
      return [name, { dtype: 'F32', shape: of, data_offsets: [start, offset] }]
    }),
  )
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...Object.values(tensors).map(({ values }) => Buffer.from(values.buffer))])
}

/** Writes a Llama of untrained weights as transformers saves one, with a tokenizer of single bytes. */
export const writeLlamaFolder = async (folder: string, shape: LlamaShape = smallShape): Promise<void> => {
  const { width, inner, layers, heads, keyHeads, headDim, context } = shape
  const weights: Record<string, { shape: number[]; values: Float32Array }> = {}
  const put = (name: string, ...of: number[]) => {
    const values =
      of.length === 1
        ? new Float32Array(of[0] ?? 0).fill(1)
        : noise((of[0] ?? 0) * (of[1] ?? 0), Object.keys(weights).length)
    weights[name] = { shape: of, values }
  }
  put('model.embed_tokens.weight', vocab, width)
  put('model.norm.weight', width)
  for (const layer of Array(layers).keys()) {
    const at = `model.layers.${layer}`
    put(`${at}.input_layernorm.weight`, width)
    put(`${at}.post_attention_layernorm.weight`, width)
    put(`${at}.self_attn.q_proj.weight`, heads * headDim, width)
    put(`${at}.self_attn.k_proj.weight`, keyHeads * headDim, width)
    put(`${at}.self_attn.v_proj.weight`, keyHeads * headDim, width)
    put(`${at}.self_attn.o_proj.weight`, width, heads * headDim)
    put(`${at}.mlp.gate_proj.weight`, inner, width)
    put(`${at}.mlp.up_proj.weight`, inner, width)
    put(`${at}.mlp.down_proj.weight`, width, inner)
  }
  const letters = byteLetters()
  const regex =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
  const tokenizer = {
    model: {
      type: 'BPE',
      vocab: Object.fromEntries([...specials, ...letters].map((token, id) => [token, id])),
      merges: [],
    },
    added_tokens: specials.map((content, id) => ({ id, content, special: true })),
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [{ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated' }, { type: 'ByteLevel' }],
    },
  }
  const config = {
    ...{
      model_type: 'llama',
      vocab_size: vocab,
      hidden_size: width,
      intermediate_size: inner,
      num_hidden_layers: layers,
    },
    ...{
      num_attention_heads: heads,
      num_key_value_heads: keyHeads,
      head_dim: headDim,
      max_position_embeddings: context,
    },
    ...{ rms_norm_eps: 1e-5, rope_parameters: { rope_theta: 10_000, rope_type: 'default' }, tie_word_embeddings: true },
    ...{ bos_token_id: 1, eos_token_id: 2, pad_token_id: 0 },
  }
  const template =
    "{% for m in messages %}{{'<|im_start|>'+m['role']+'\n'+m['content']+'<|im_end|>\n'}}{% endfor %}{% if add_generation_prompt %}{{'<|im_start|>assistant\n'}}{% endif %}"
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'model.safetensors'), safetensors(weights))
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  await writeFile(join(folder, 'chat_template.jinja'), template)
}

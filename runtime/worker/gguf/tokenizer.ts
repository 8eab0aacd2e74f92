import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { LlamaConfig } from './llama-config.ts'
import { bool, i32s, type Metadata, string, strings, u32 } from './metadata.ts'

/** How llama.cpp splits text before its merges, by the regular expression in tokenizer.json. */
const preTokenizers: Record<string, string> = {
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+":
    'qwen2',
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+":
    'llama-bpe',
}
const split = z.object({ type: z.literal('Split'), pattern: z.object({ Regex: z.string() }) })
const tokenizerFile = z.object({
  model: z.object({
    type: z.literal('BPE', { error: 'Only byte-level BPE tokenizers can be converted.' }).optional(),
    vocab: z.record(z.string(), z.int().min(0)),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
  added_tokens: z.array(z.object({ id: z.int().min(0), content: z.string(), special: z.boolean() })),
  pre_tokenizer: z.object({ type: z.literal('Sequence'), pretokenizers: z.array(z.unknown()) }),
})
const tokenTypes = { normal: 1, control: 3, userDefined: 4, unused: 5 } as const

const readTemplate = async (folder: string): Promise<string | undefined> => {
  const beside = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined)
  if (beside !== undefined) return beside
  const text = await readFile(join(folder, 'tokenizer_config.json'), 'utf8').catch(() => '{}')
  return z.object({ chat_template: z.string().optional() }).parse(JSON.parse(text)).chat_template
}

/** The tokenizer's part of a GGUF header: tokens, merges, special tokens and the chat template. */
export const tokenizerMetadata = async (folder: string, config: LlamaConfig): Promise<Metadata> => {
  const { model, added_tokens, pre_tokenizer } = tokenizerFile.parse(
    JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')),
  )
  const regex = pre_tokenizer.pretokenizers.flatMap((step) => split.safeParse(step).data?.pattern.Regex ?? [])[0] ?? ''
  const pre = preTokenizers[regex]
  if (!pre)
    throw new Error('tokenizer.json splits text in a way that the converter does not know. Nothing was written.')

  const tokens = Array.from({ length: config.vocab_size }, (_, id) => `[PAD${id}]`)
  const types: number[] = tokens.map(() => tokenTypes.unused)
  const put = (id: number, content: string, type: number) => {
    if (id >= config.vocab_size) throw new Error(`Token ${id} is beyond the vocabulary of ${config.vocab_size}.`)
    tokens[id] = content
    types[id] = type
  }
  for (const [content, id] of Object.entries(model.vocab)) put(id, content, tokenTypes.normal)
  for (const { id, content, special } of added_tokens)
    put(id, content, special ? tokenTypes.control : tokenTypes.userDefined)
  const template = await readTemplate(folder)
  const id = (key: string, value: number | null | undefined): Metadata =>
    value === null || value === undefined ? {} : { [`tokenizer.ggml.${key}_token_id`]: u32(value) }
  return {
    'tokenizer.ggml.model': string('gpt2'),
    'tokenizer.ggml.pre': string(pre),
    'tokenizer.ggml.tokens': strings(tokens),
    'tokenizer.ggml.token_type': i32s(types),
    'tokenizer.ggml.merges': strings(model.merges.map((merge) => [merge].flat().join(' '))),
    ...id('bos', config.bos_token_id),
    ...id('eos', config.eos),
    ...id('padding', config.pad_token_id),
    'tokenizer.ggml.add_bos_token': bool(false),
    ...(template !== undefined && { 'tokenizer.chat_template': string(template) }),
  }
}

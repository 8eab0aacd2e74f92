import { z } from 'zod'
import type { TokenLogprob } from './token-logprob.ts'

const part = z.object({ type: z.literal('text'), text: z.string() })
const content = z
  .union([z.string(), z.array(part)])
  .transform((of) => (typeof of === 'string' ? of : of.map((p) => p.text).join('')))
const chatMessage = z.object({
  role: z
    .enum(['system', 'developer', 'user', 'assistant'])
    .transform((role) => (role === 'developer' ? 'system' : role)),
  content,
})
export type ChatMessage = z.output<typeof chatMessage>

const jsonSchema = z.record(z.string(), z.unknown())
const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ name: z.string().optional(), schema: jsonSchema, strict: z.boolean().nullish() }),
  }),
])

/** The body of POST /v1/chat/completions. What is not listed is ignored, as OpenAI-style servers do. */
export const chatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(chatMessage).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
  seed: z.int().min(0).nullish(),
  response_format: responseFormat.nullish(),
  n: z.int().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  tools: z.array(z.unknown()).nullish(),
})
export type ChatRequest = z.output<typeof chatRequest>

const text = z.string().min(1, 'must not be empty.')
/** The body of POST /v1/embeddings. */
export const embeddingsRequest = z.object({
  model: z.string().min(1),
  input: z.union([text, z.array(text).min(1).max(2_048)], {
    error:
      'Send text: a string, or up to 2,048 of them, none empty. Tokens are not taken: every model numbers its own (LangChain for Python: check_embedding_ctx_length=False).',
  }),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).nullish(),
})
export type EmbeddingsRequest = z.output<typeof embeddingsRequest>

export type Finish = 'stop' | 'length'
export type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number }
type Choice<Body> = {
  index: 0
  finish_reason: Finish | null
  logprobs: { content: TokenLogprob[]; refusal: null } | null
} & Body
type Envelope = { id: string; created: number; model: string }

export type ChatCompletion = Envelope & {
  object: 'chat.completion'
  choices: [Choice<{ message: { role: 'assistant'; content: string; refusal: null } }>]
  usage: Usage
}
export type ChatChunk = Envelope & {
  object: 'chat.completion.chunk'
  choices: Choice<{ delta: { role?: 'assistant'; content?: string } }>[]
  usage?: Usage | null
}
export type EmbeddingList = {
  object: 'list'
  model: string
  data: { object: 'embedding'; index: number; embedding: number[] | string }[]
  usage: { prompt_tokens: number; total_tokens: number }
}
export type ModelList = {
  object: 'list'
  data: { id: string; object: 'model'; created: number; owned_by: 'local' }[]
}
/** The answer to GET /health. `load` is running and waiting requests over capacity; above 1 requests wait. */
export const health = z.object({
  state: z.enum(['ready', 'draining']),
  load: z.number(),
  running: z.int(),
  waiting: z.int(),
  /** Generations that run at once. */
  capacity: z.int().min(0).default(1),
  /** Share of the KV cache that running generations hold, 0 to 1, where the engine tells. */
  kvUse: z.number().min(0).max(1).optional(),
  models: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['unloaded', 'loading', 'ready', 'restarting', 'failed']),
      reason: z.string().optional(),
      running: z.int(),
      waiting: z.int(),
      /** Generations of this model that run at once; without it, all that the worker has. */
      capacity: z.int().optional(),
      /** Tokens that prompt and answer may have together; known once it is loaded. */
      context: z.int().optional(),
    }),
  ),
})
export type Health = z.infer<typeof health>
/** The one line a worker prints on stdout when it listens. */
export const readyLine = z.object({ ready: z.literal(true), url: z.url(), pid: z.int() })
export type ReadyLine = z.infer<typeof readyLine>

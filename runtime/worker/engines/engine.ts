import type { ChatMessage, Finish, Health } from '../protocol.ts'
import type { TokenLogprob } from '../token-logprob.ts'

/** One generation, as every engine takes it. */
export type Generation = {
  model: string
  messages: readonly ChatMessage[]
  temperature: number
  topP?: number
  /** Without it the context is the limit. */
  maxTokens?: number
  stop: readonly string[]
  seed?: number
  /** The answer must be JSON; `{}` means any object. */
  schema?: Record<string, unknown>
  /** Tell the log-probability of every token, and of so many alternatives (0 to 20). */
  logprobs?: number
}

/** What a generation yields: text in order, then exactly one `end`. Tokens are counted, not estimated; the end token is not counted. */
export type Piece =
  | { type: 'text'; text: string; logprobs?: TokenLogprob[] }
  | { type: 'end'; finish: Finish; usage: { inputTokens: number; outputTokens: number } }

export type Embedding = { model: string; input: readonly string[] }
/** One vector of length 1 for each input, in order. */
export type Embedded = { vectors: Float32Array[]; inputTokens: number }

/** A call as it came, for an engine that answers over HTTP itself. */
export type ProxiedCall = { path: '/chat/completions' | '/embeddings'; model: string; body: string }

/** Something that generates text. An aborted signal ends a generation within a second, without an `end`. */
export type Engine = {
  /** Throws WorkerError; breaking off the iteration aborts too. */
  generate: (generation: Generation, signal: AbortSignal) => AsyncIterable<Piece>
  embed: (embedding: Embedding, signal: AbortSignal) => Promise<Embedded>
  /** The answer of the server behind this engine, byte for byte; undefined where the model is not behind one. */
  proxy?: (call: ProxiedCall, signal: AbortSignal) => Promise<Response | undefined>
  models: () => Promise<Health['models']>
  /** How many generations run at once when a model is loaded. */
  capacity: () => number
  /** Share of the KV cache that running generations hold, 0 to 1; the fullest model counts. Undefined where it is not known. */
  kvUse: () => number | undefined
  stop: () => Promise<void>
}

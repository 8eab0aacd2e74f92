import type { ChatMessage, Finish, Health } from '../protocol.ts'

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
}

/** What a generation yields: text in order, then exactly one `end`. Tokens are counted, not estimated; the end token is not counted. */
export type Piece =
  | { type: 'text'; text: string }
  | { type: 'end'; finish: Finish; usage: { inputTokens: number; outputTokens: number } }

/** Something that generates text. An aborted signal ends a generation within a second, without an `end`. */
export type Engine = {
  /** Throws WorkerError; breaking off the iteration aborts too. */
  generate: (generation: Generation, signal: AbortSignal) => AsyncIterable<Piece>
  models: () => Promise<Health['models']>
  /** How many generations run at once when a model is loaded. */
  capacity: () => number
  stop: () => Promise<void>
}

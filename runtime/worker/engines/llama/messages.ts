import type { WorkerErrorCode } from '../../errors.ts'
import type { Embedded, Generation, Piece } from '../engine.ts'
import type { Size } from './size.ts'

/** The work that a child does: the supervisor numbers it. */
export type Work = { type: 'generate'; generation: Generation } | { type: 'embed'; input: readonly string[] }
/** What work yields. `end` and `embedded` come last. */
export type Result = Piece | ({ type: 'embedded' } & Embedded)

/** What the supervisor tells the child process that holds a model. */
export type ToChild = ({ id: number } & Work) | { type: 'abort'; id: number }

/** What the child answers. `failed`: the model can not be loaded, and trying again would not help. */
export type FromChild =
  | { type: 'ready'; context: number }
  | { type: 'failed'; reason: string }
  | { type: 'result'; id: number; result: Result }
  | { type: 'error'; id: number; code: WorkerErrorCode; message: string; param: string | null }
  /** Follows an abort: the work has really stopped. */
  | { type: 'aborted'; id: number }
  /** Share of the KV cache that running generations hold; sent when it has changed. */
  | { type: 'kv'; use: number }

/** The child's one argument, as JSON. `adapter` is a LoRA in GGUF over the model in `file`. */
export type ChildOptions = { file: string; adapter?: string; size: Size }

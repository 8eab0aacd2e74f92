import type { WorkerErrorCode } from '../../errors.ts'
import type { Generation, Piece } from '../engine.ts'
import type { Size } from './size.ts'

/** What the supervisor tells the child process that holds a model. */
export type ToChild = { type: 'generate'; id: number; generation: Generation } | { type: 'abort'; id: number }

/** What the child answers. `failed`: the model can not be loaded, and trying again would not help. */
export type FromChild =
  | { type: 'ready'; context: number }
  | { type: 'failed'; reason: string }
  | { type: 'piece'; id: number; piece: Piece }
  | { type: 'error'; id: number; code: WorkerErrorCode; message: string; param: string | null }
  /** Follows an abort: the generation has really stopped. */
  | { type: 'aborted'; id: number }

/** The child's one argument, as JSON. */
export type ChildOptions = { file: string; size: Size }

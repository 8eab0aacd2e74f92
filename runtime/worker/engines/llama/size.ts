import { availableParallelism } from 'node:os'

/** How a model is loaded: decided from the size of its file alone, before anything is read. */
export type Size = {
  threads: number
  /** Generations at once in one batch. */
  sequences: number
  /** Upper bound of the context of each, in tokens; the model's own training length bounds it too. */
  context: number
  /** Whether a graphics card is worth asking for. */
  gpu: boolean
}

/** Below this a model is so small that waking threads, or a card, costs more than they save. */
const small = 100_000_000

/**
 * Measured with a 3 MB model on 2 busy cores: 4 threads made 1.4 tokens/s, 1 thread 1,961.
 * Sequences side by side save a CPU little, though they share their steps: 804 tokens took 0.93 s of CPU one by one, 0.83 s by 4.
 * They are there so that a short answer need not wait for a long one.
 * A large model leaves one core to the rest of the machine.
 */
export const sizeFor = (bytes: number, cores: number = availableParallelism()): Size =>
  bytes < small
    ? { threads: 1, sequences: 4, context: 2_048, gpu: false }
    : { threads: Math.max(1, cores - 1), sequences: 2, context: 8_192, gpu: true }

import { WorkerError } from '../../errors.ts'
import type { Embedded } from '../engine.ts'
import type { LoadedModel } from './load.ts'

const ofLengthOne = (vector: readonly number[]): Float32Array => {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, (value) => (length > 0 ? value / length : 0))
}

/**
 * The hidden state that the model pools for each text (a chat model's: after the last token), at length 1 as OpenAI's are.
 * The signal is looked at between two texts.
 */
export const embed = async (
  loaded: LoadedModel,
  input: readonly string[],
  signal: AbortSignal,
): Promise<Embedded & { type: 'embedded' }> => {
  const context = await loaded.embeddings()
  const tokens = input.map((text) => loaded.model.tokenize(text))
  const lengths = tokens.map((of) => context.calculateInputLength([...of]))
  const tooLong = lengths.findIndex((length) => length >= loaded.contextSize)
  if (tooLong !== -1)
    throw new WorkerError(
      'context_length_exceeded',
      `Input ${tooLong} has ${lengths[tooLong]} tokens and the model reads ${loaded.contextSize - 1}. Split it.`,
      { param: 'input' },
    )
  const vectors: Float32Array[] = []
  for (const of of tokens) {
    signal.throwIfAborted()
    vectors.push(ofLengthOne((await context.getEmbeddingFor([...of])).vector))
  }
  return { type: 'embedded', vectors, inputTokens: lengths.reduce((sum, length) => sum + length, 0) }
}

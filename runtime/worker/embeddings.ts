import type { Embedded, Embedding } from './engines/engine.ts'
import { WorkerError } from './errors.ts'
import type { EmbeddingList, EmbeddingsRequest } from './protocol.ts'

/** An OpenAI-style request as an engine takes it. */
export const asEmbedding = ({ model, input, dimensions }: EmbeddingsRequest): Embedding => {
  if (dimensions !== undefined && dimensions !== null)
    throw new WorkerError('unsupported_parameter', 'This worker does not shorten embeddings. Leave "dimensions" out.', {
      param: 'dimensions',
    })
  return { model, input: [input].flat() }
}

const littleEndian = (vector: Float32Array): Buffer => {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * 4)
  return bytes
}

/** The answer as OpenAI gives it: numbers, or their 32-bit floats in base64 (which its clients ask for by themselves). */
export const embeddingList = (
  { model, encoding_format }: EmbeddingsRequest,
  { vectors, inputTokens }: Embedded,
): EmbeddingList => ({
  object: 'list',
  model,
  data: vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: encoding_format === 'base64' ? littleEndian(vector).toString('base64') : [...vector],
  })),
  usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
})

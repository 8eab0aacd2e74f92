import { EventSourceParserStream } from 'eventsource-parser/stream'
import { z } from 'zod'
import { WorkerError } from '../../errors.ts'
import type { Embedded, Embedding, Generation, Piece } from '../engine.ts'

/** A generation as the body of POST /chat/completions. */
export const chatBody = ({ schema, maxTokens, topP, logprobs, ...generation }: Generation) => ({
  ...{ model: generation.model, messages: generation.messages, temperature: generation.temperature },
  ...(topP !== undefined && { top_p: topP }),
  ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  ...(generation.stop.length > 0 && { stop: generation.stop }),
  ...(generation.seed !== undefined && { seed: generation.seed }),
  ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
  ...(schema && {
    response_format:
      Object.keys(schema).length === 0
        ? { type: 'json_object' }
        : { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
  }),
  stream: true,
  stream_options: { include_usage: true },
})

const chance = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullish().default(null) })
const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        logprobs: z
          .object({ content: z.array(chance.extend({ top_logprobs: z.array(chance).default([]) })).nullish() })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }).nullish(),
  error: z.object({ message: z.string() }).nullish(),
})

const refused = async (answer: Response): Promise<WorkerError> => {
  const text = (await answer.text()).slice(0, 1_000)
  if (answer.status === 404) return new WorkerError('model_not_found', `The server has no such model: ${text}`)
  if (answer.status === 429) return new WorkerError('queue_full', `The server takes no more: ${text}`)
  const code = answer.status < 500 ? 'invalid_body' : 'engine_crashed'
  return new WorkerError(code, `The server answered ${answer.status}: ${text}`)
}

/** The pieces of a streamed answer. */
export async function* readPieces(answer: Response): AsyncGenerator<Piece> {
  if (!answer.ok || !answer.body) throw await refused(answer)
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  let finish: 'stop' | 'length' | undefined
  let usage = { inputTokens: 0, outputTokens: 0 }
  for await (const { data } of events) {
    if (data === '[DONE]') break
    const { choices, usage: told, error } = chunk.parse(JSON.parse(data))
    if (error) throw new WorkerError('engine_crashed', error.message)
    if (told) usage = { inputTokens: told.prompt_tokens, outputTokens: told.completion_tokens }
    const [choice] = choices
    const content = choice?.delta?.content ?? ''
    const logprobs = choice?.logprobs?.content ?? undefined
    if (content || logprobs?.length) yield { type: 'text', text: content, ...(logprobs && { logprobs }) }
    if (choice?.finish_reason) finish = choice.finish_reason === 'length' ? 'length' : 'stop'
  }
  if (!finish) throw new WorkerError('engine_crashed', 'The server ended without finishing the answer. Try again.')
  yield { type: 'end', finish, usage }
}

export const embeddingBody = ({ model, input }: Embedding) => ({ model, input, encoding_format: 'float' })

const embeddings = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()) })),
  usage: z.object({ prompt_tokens: z.int() }).nullish(),
})

export const readEmbedded = async (answer: Response): Promise<Embedded> => {
  if (!answer.ok) throw await refused(answer)
  const { data, usage } = embeddings.parse(await answer.json())
  const inOrder = data.toSorted((a, b) => a.index - b.index)
  return {
    vectors: inOrder.map(({ embedding }) => Float32Array.from(embedding)),
    inputTokens: usage?.prompt_tokens ?? 0,
  }
}

import { randomUUID } from 'node:crypto'
import type { Generation, Piece } from './engines/engine.ts'
import { WorkerError } from './errors.ts'
import type { ChatChunk, ChatCompletion, ChatRequest, Finish, Usage } from './protocol.ts'
import type { TokenLogprob } from './token-logprob.ts'

/** What this worker can not honour is refused, never silently ignored, where it would change the answer. */
const refuseUnsupported = (request: ChatRequest): void => {
  const refuse = (param: string, message: string) => {
    throw new WorkerError('unsupported_parameter', message, { param })
  }
  if ((request.n ?? 1) !== 1) refuse('n', 'This worker gives one choice a request. Leave "n" out.')
  if (request.top_logprobs && !request.logprobs) refuse('top_logprobs', 'Set "logprobs" to true with "top_logprobs".')
  if (request.tools?.length) refuse('tools', 'This worker does not call tools. Leave "tools" out.')
}

const schemaOf = (format: ChatRequest['response_format']): Record<string, unknown> | undefined => {
  if (format?.type === 'json_schema') return format.json_schema.schema
  return format?.type === 'json_object' ? {} : undefined
}

/** An OpenAI-style request as a generation. Left-out values have OpenAI's defaults. */
export const asGeneration = (request: ChatRequest): Generation => {
  refuseUnsupported(request)
  const maxTokens = request.max_completion_tokens ?? request.max_tokens
  const schema = schemaOf(request.response_format)
  return {
    model: request.model,
    messages: request.messages,
    temperature: request.temperature ?? 1,
    stop: [request.stop ?? []].flat(),
    ...(request.top_p !== undefined && request.top_p !== null && { topP: request.top_p }),
    ...(maxTokens !== undefined && maxTokens !== null && { maxTokens }),
    ...(request.seed !== undefined && request.seed !== null && { seed: request.seed }),
    ...(schema && { schema }),
    ...(request.logprobs && { logprobs: request.top_logprobs ?? 0 }),
  }
}

const usageOf = ({ inputTokens, outputTokens }: Extract<Piece, { type: 'end' }>['usage']): Usage => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
})
const envelope = (model: string) => ({
  id: `chatcmpl-${randomUUID()}`,
  created: Math.floor(Date.now() / 1000),
  model,
})
const asLogprobs = (content: TokenLogprob[] | undefined) => (content ? { content, refusal: null } : null)
const cutShort = () => new WorkerError('engine_crashed', 'The engine ended without finishing the answer. Try again.')

/** The whole answer at once. */
export const complete = async (model: string, pieces: AsyncIterable<Piece>): Promise<ChatCompletion> => {
  let content = ''
  let logprobs: TokenLogprob[] | undefined
  for await (const piece of pieces) {
    if (piece.type === 'text') {
      content += piece.text
      if (piece.logprobs) logprobs = [...(logprobs ?? []), ...piece.logprobs]
    } else
      return {
        ...envelope(model),
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content, refusal: null },
            logprobs: asLogprobs(logprobs),
            finish_reason: piece.finish,
          },
        ],
        usage: usageOf(piece.usage),
      }
  }
  throw cutShort()
}

/** The answer chunk by chunk. It ends by a chunk with `finish_reason` or it throws. */
export async function* chunks(
  model: string,
  pieces: AsyncIterable<Piece>,
  includeUsage: boolean,
): AsyncGenerator<ChatChunk> {
  const common = { ...envelope(model), object: 'chat.completion.chunk' as const, ...(includeUsage && { usage: null }) }
  const chunk = (
    delta: { role?: 'assistant'; content?: string },
    finish_reason: Finish | null,
    logprobs?: TokenLogprob[],
  ): ChatChunk => ({
    ...common,
    choices: [{ index: 0, delta, logprobs: asLogprobs(logprobs), finish_reason }],
  })
  let first = true
  for await (const piece of pieces) {
    if (first) yield chunk({ role: 'assistant', content: '' }, null)
    first = false
    if (piece.type === 'text') yield chunk({ content: piece.text }, null, piece.logprobs)
    else {
      yield chunk({}, piece.finish)
      if (includeUsage) yield { ...common, choices: [], usage: usageOf(piece.usage) }
      return
    }
  }
  throw cutShort()
}

import { hash } from 'node:crypto'
import type { Message } from '#nodes/ports.ts'
import type { Engine } from '#runtime/engine/engine.ts'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { ChatChunk, ChatCompletion, ChatRequest, Usage } from '#runtime/worker/protocol.ts'
import { OpenAiError } from './errors.ts'
import type { ServedPipeline } from './served.ts'

export type PipelineCall = {
  workspace: string
  name: string
  served: ServedPipeline
  request: ChatRequest
  /** The body as it came, for idempotency. */
  body: Uint8Array
  key: string | undefined
}

/** Longer than OpenAI's clients wait by themselves; the run goes on and can be looked at. */
const patience = 15 * 60_000

const refuseUnsupported = ({ n, tools, logprobs, response_format: format }: ChatRequest): void => {
  const refuse = (param: string) => {
    throw new OpenAiError(400, 'unsupported_parameter', `A pipeline decides this itself. Leave "${param}" out.`, {
      param,
    })
  }
  if ((n ?? 1) !== 1) refuse('n')
  if (tools?.length) refuse('tools')
  if (logprobs) refuse('logprobs')
  if (format && format.type !== 'text') refuse('response_format')
}

const inputOf = ({ fields: { input } }: ServedPipeline, messages: readonly Message[]): Record<string, unknown> => {
  if (input.kind === 'messages') return { [input.name]: messages }
  const last = messages.findLast(({ role }) => role === 'user')
  if (!last)
    throw new OpenAiError(400, 'invalid_value', 'There is no message of the user. Send one.', { param: 'messages' })
  return { [input.name]: input.kind === 'text' ? last.content : last }
}

/** The text of what came out; undefined where nothing did. */
const contentOf = ({ fields: { output } }: ServedPipeline, values: Record<string, unknown> | null | undefined) => {
  const value = values?.[output.name]
  if (typeof value === 'string') return value
  const message = (Array.isArray(value) ? value.at(-1) : value) as Partial<Message> | undefined
  return typeof message?.content === 'string' ? message.content : undefined
}

const usageOf = ({ inputTokens, outputTokens }: RunRecord['usage']): Usage => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
})

/** A run that ended badly has made its own retries, and what it wrote into the world is written. */
const final = { final: true }

const failure = (error: RunRecord['error'] | undefined, status: string): OpenAiError =>
  status === 'cancelled'
    ? new OpenAiError(500, 'run_cancelled', 'The run was cancelled before it ended. Ask again.', final)
    : new OpenAiError(500, error?.code.replaceAll('-', '_') ?? 'run_failed', error?.message ?? 'The run failed.', final)

const noAnswer = ({ fields: { output } }: ServedPipeline) =>
  new OpenAiError(
    500,
    'no_answer',
    `The run gave no "${output.name}". Look at the run to see which way it took.`,
    final,
  )

/** Starts a run of what is published, once for a key. @throws OpenAiError, RuntimeRefusal */
export const startChat = async (engine: Engine, call: PipelineCall): Promise<string> => {
  const { workspace, name, served, request, body, key } = call
  refuseUnsupported(request)
  const { id } = await engine.start({
    workspace,
    pipeline: served.pipeline,
    version: served.version,
    document: served.document,
    files: served.files,
    input: inputOf(served, request.messages),
    trigger: 'api',
    ...(key !== undefined && { idempotency: { trigger: `v1:${name}`, key, bodyDigest: hash('sha256', body) } }),
  })
  return id
}

const envelope = (id: string, model: string) => ({
  id: `chatcmpl-${id}`,
  created: Math.floor(Date.now() / 1_000),
  model,
})

/** The whole answer, once the run has ended. */
export const completeChat = async (
  engine: Engine,
  { served, name }: PipelineCall,
  id: string,
  signal: AbortSignal,
): Promise<ChatCompletion> => {
  const run = await engine.wait(id, patience, signal)
  if (run?.status === 'failed' || run?.status === 'cancelled') throw failure(run.error, run.status)
  if (run?.status !== 'succeeded')
    throw new OpenAiError(
      504,
      'not_finished',
      `The run ${id} goes on. Look at it in the runs, or ask again later.`,
      final,
    )
  const content = contentOf(served, run.output)
  if (content === undefined) throw noAnswer(served)
  return {
    ...envelope(id, name),
    object: 'chat.completion',
    choices: [
      { index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content, refusal: null } },
    ],
    usage: usageOf(run.usage),
  }
}

/**
 * The answer in pieces: deltas of the step that feeds the output, else the whole text at the end. What was sent cannot be
 * taken back, so a step that starts over after its first delta ends the stream with an error.
 */
export async function* streamChat(
  engine: Engine,
  { served, name, request }: PipelineCall,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<ChatChunk> {
  const { from } = served.fields.output
  const base = { ...envelope(id, name), object: 'chat.completion.chunk' as const }
  const tellsUsage = request.stream_options?.include_usage === true
  const chunk = (delta: { role?: 'assistant'; content?: string }, finish: 'stop' | null = null): ChatChunk => ({
    ...base,
    choices: [{ index: 0, finish_reason: finish, logprobs: null, delta }],
    ...(tellsUsage && { usage: null }),
  })
  const feeds = (event: { node: string; path?: readonly number[] }) =>
    from !== undefined && event.node === from.node && !event.path
  let sent = ''
  yield chunk({ role: 'assistant', content: '' })
  for await (const event of engine.events(id, 0, signal) as AsyncIterable<RunEvent>) {
    if (event.type === 'step-delta' && feeds(event) && event.port === from?.port) {
      sent += event.delta
      yield chunk({ content: event.delta })
    } else if (event.type === 'step-restart' && feeds(event) && sent !== '') {
      throw failure(event.error, 'failed')
    } else if (event.type === 'run-end') {
      if (event.status !== 'succeeded') throw failure(event.error, event.status)
      const content = contentOf(served, event.output)
      if (content === undefined) throw noAnswer(served)
      if (!content.startsWith(sent))
        throw new OpenAiError(
          500,
          'answer_changed',
          'The pipeline answers with another text than it streamed. Ask again.',
        )
      if (content.length > sent.length) yield chunk({ content: content.slice(sent.length) })
      yield chunk({}, 'stop')
      if (tellsUsage) yield { ...base, choices: [], usage: usageOf(event.usage) }
      return
    }
  }
  signal.throwIfAborted()
  throw new OpenAiError(503, 'stream_broken', 'The stream broke off, and the run goes on. Look at it in the runs.')
}

import { z } from 'zod'
import type { Endpoint, Resource, Usage } from '../define.ts'
import { NodeError } from '../errors.ts'
import type { Message } from '../ports.ts'
import { builtInProviders, isBuiltIn, parseModelId } from './model-id.ts'
import { type CalledModel, modelFailure, refusedParameter } from './provider-failure.ts'
import type { JsonSchema } from './provider-schema.ts'
import { type Prepared, preload, prepare, type Sampling, type Target } from './providers.ts'
import { secretVariable } from './secret-variable.ts'

export type ChatRequest = {
  /** Such as `local:tiny`, `openai:<model>`, or `<provider resource>:<model>`. */
  model: string
  messages: readonly Message[]
  /** Left out for models that take none. */
  temperature?: number
  maxTokens: number
  seed?: number
  stop?: readonly string[]
  /** The answer is JSON of this schema. */
  jsonSchema?: JsonSchema
  signal: AbortSignal
}
/** What a node's context offers; passed on as it is. */
export type ChatContext = {
  endpoint: (model: string) => Promise<Endpoint>
  secret: (name: string) => Promise<string>
  resource: (name: string) => Promise<Resource>
}
/** Text in order, then one `end`. `length`: cut at the token limit. `usage` is null where a provider tells none. */
export type ChatPiece = { type: 'text'; text: string } | { type: 'end'; finish: 'stop' | 'length'; usage: Usage | null }

const providerSettings = z.object({ baseUrl: z.url(), secret: z.string().min(1).optional() })
/** By their variables, so that another spelling of a name reaches none of them on the command line either. */
const reserved = new Set(
  Object.values(builtInProviders).flatMap((p) => ('secret' in p ? [secretVariable(p.secret)] : [])),
)

const badModel = (code: 'model-id-invalid' | 'provider-invalid', id: string, reason: string, provider?: string) =>
  new NodeError(code, `"${id}" is not a model: ${reason} Pick a model.`, {
    details: { model: id, ...(provider !== undefined && { provider }) },
  })

const namedProvider = async (id: string, provider: string, model: string, context: ChatContext): Promise<Resolved> => {
  const resource = await context.resource(provider)
  const settings = providerSettings.safeParse(resource.settings)
  if (resource.kind !== 'provider' || !settings.success)
    throw badModel('provider-invalid', id, `the resource "${provider}" is not a provider with a baseUrl.`, provider)
  const { baseUrl, secret } = settings.data
  // A shared document must not be able to send the key of a hosted account to an address of its own choice.
  if (secret !== undefined && reserved.has(secretVariable(secret)))
    throw new NodeError(
      'key-reserved',
      `The secret "${secret}" goes to its own provider only. Store the key of "${provider}" under another name.`,
    )
  return {
    target: { provider, model, baseUrl, ...(secret !== undefined && { key: await context.secret(secret) }) },
    called: { id, provider, url: baseUrl, ...(secret !== undefined && { secret }) },
  }
}

/** `fetch`: by which calls go, if not Node's. */
type Resolved = { target: Target; called: CalledModel; fetch?: typeof fetch }
const resolve = async (id: string, context: ChatContext): Promise<Resolved> => {
  const parsed = parseModelId(id)
  if (!parsed) throw badModel('model-id-invalid', id, 'an id is written provider:model, such as local:tiny.')
  const { provider, model } = parsed
  if (!isBuiltIn(provider)) return namedProvider(id, provider, model, context)
  switch (provider) {
    case 'local':
    case 'tuned': {
      preload()
      const { url, model: name, token, fetch: ask } = await context.endpoint(id)
      return {
        target: { provider, model: name, baseUrl: url, ...(token !== undefined && { key: token }) },
        ...(ask && { fetch: ask }),
        called: { id, provider: 'The worker of this machine' },
      }
    }
    case 'ollama': {
      const baseUrl = ollamaUrl()
      return { target: { provider, model, baseUrl }, called: { id, provider, url: baseUrl } }
    }
    default: {
      const { secret } = builtInProviders[provider]
      return { target: { provider, model, key: await context.secret(secret) }, called: { id, provider, secret } }
    }
  }
}

/** Where Ollama answers: its own environment variable, else its default. */
export const ollamaUrl = (environment: NodeJS.ProcessEnv = process.env): string => {
  const host = environment['OLLAMA_HOST']
  if (!host) return 'http://127.0.0.1:11434'
  return /^https?:\/\//.test(host) ? host : `http://${host.includes(':') ? host : `${host}:11434`}`
}

/** What of LangChain's message chunks is read here. */
type Chunk = {
  text: string
  usage_metadata?: { input_tokens: number; output_tokens: number }
  response_metadata?: Record<string, unknown>
  additional_kwargs?: Record<string, unknown>
}

/** The reason a provider gives for its last token; every one has its own name and place for it. */
const finishOf = (chunk: Chunk): string | undefined => {
  const places = [chunk.response_metadata, chunk.additional_kwargs]
  const names = ['finish_reason', 'stop_reason', 'finishReason', 'done_reason', 'status']
  const found = names.flatMap((name) => places.map((place) => place?.[name])).find((v) => typeof v === 'string' && v)
  return typeof found === 'string' ? found.toLowerCase() : undefined
}
const lengths = new Set(['length', 'max_tokens', 'incomplete', 'model_context_window_exceeded'])
const filtered = new Set([
  'content_filter',
  'safety',
  'refusal',
  'recitation',
  'blocklist',
  'prohibited_content',
  'spii',
])

const addUsage = (usage: Usage | null, chunk: Chunk, cumulative: boolean): Usage | null => {
  const told = chunk.usage_metadata
  if (!told) return usage
  const add = cumulative ? Math.max : (a: number, b: number) => a + b
  return {
    inputTokens: add(usage?.inputTokens ?? 0, told.input_tokens),
    outputTokens: add(usage?.outputTokens ?? 0, told.output_tokens),
  }
}

type Opened = { chunks: AsyncIterable<Chunk>; cumulative: boolean }

/** Reads a whole answer; what came without an end was cut on the way. */
async function* read({ chunks, cumulative }: Opened, called: CalledModel): AsyncGenerator<ChatPiece> {
  let usage: Usage | null = null
  let finish: string | undefined
  for await (const chunk of chunks) {
    usage = addUsage(usage, chunk, cumulative)
    finish = finishOf(chunk) ?? finish
    if (chunk.text) yield { type: 'text', text: chunk.text }
  }
  if (finish === undefined)
    throw new NodeError('connection-lost', `The answer of "${called.id}" broke off. It is asked again.`, {
      retry: 'later',
    })
  if (filtered.has(finish))
    throw new NodeError('content-filtered', `${called.provider} refused the content. Change the prompt.`)
  yield { type: 'end', finish: lengths.has(finish) ? 'length' : 'stop', usage }
}

/** Opens the stream; a model that takes no temperature is asked again without one. */
const open = async (
  target: Target,
  sampling: Sampling,
  messages: readonly Message[],
  signal: AbortSignal,
  ask: typeof fetch = fetch,
): Promise<Opened> => {
  // Not every provider's client hands the signal to its request, so the request itself carries it.
  const abortable: typeof fetch = (input, init) =>
    ask(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal })
  const start = async ({ model, options, cumulative = false }: Prepared): Promise<Opened> => {
    const stream = await model.stream(
      messages.map(({ role, content }) => ({ role, content })),
      { ...options, signal },
    )
    return { chunks: stream as AsyncIterable<Chunk>, cumulative }
  }
  try {
    return await start(await prepare(target, sampling, abortable))
  } catch (error) {
    const { temperature, ...without } = sampling
    // Anthropic's client refuses the temperature of some models before it calls, with an error that has no status.
    const early = target.provider === 'anthropic' && error instanceof Error && error.constructor === Error
    const refused = early || refusedParameter(error, 'temperature')
    if (temperature === undefined || signal.aborted || !refused) throw error
    return start(await prepare(target, without, abortable))
  }
}

/** What the way to a worker refused; the client that carries it wraps it as a broken connection. */
const refusalIn = (error: unknown): NodeError | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof NodeError) return cause
  return undefined
}

/**
 * Calls a chat model and streams its answer. This file and providers.ts are the only door to LangChain's models: an abort
 * reaches the request at once, nothing but the model is called, and every failure is a NodeError with a way out.
 * @example for await (const piece of chatModel({ model: 'local:tiny', messages, maxTokens: 64, signal }, context)) …
 */
export async function* chatModel(request: ChatRequest, context: ChatContext): AsyncGenerator<ChatPiece> {
  const { model: id, messages, signal, temperature, maxTokens, seed, stop = [], jsonSchema } = request
  const { target, called, fetch: ask } = await resolve(id, context)
  const sampling: Sampling = {
    maxTokens,
    stop,
    ...(temperature !== undefined && { temperature }),
    ...(seed !== undefined && { seed }),
    ...(jsonSchema && { schema: jsonSchema }),
  }
  try {
    yield* read(await open(target, sampling, messages, signal, ask), called)
  } catch (error) {
    signal.throwIfAborted()
    throw refusalIn(error) ?? modelFailure(error, called)
  }
}

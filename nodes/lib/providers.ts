import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { closed, isStrict, type JsonSchema, opened } from './provider-schema.ts'

/** Where and with what a model is called. */
export type Target = {
  provider: string
  model: string
  /** Up to and including `/v1` for OpenAI-compatible servers; without it the provider's own address. */
  baseUrl?: string
  key?: string
}
/** What is asked of it, the same for every provider. */
export type Sampling = {
  temperature?: number
  maxTokens: number
  seed?: number
  stop: readonly string[]
  schema?: JsonSchema
}
/** A model ready to be called, and the options to call it with. */
export type Prepared = {
  model: Pick<BaseChatModel, 'stream'>
  options: Record<string, unknown>
  /** Each count of tokens includes those before it; else they add up. */
  cumulative?: boolean
}
type Build = (target: Target, sampling: Sampling, fetch: typeof globalThis.fetch) => Promise<Prepared>

/** Every retry is the engine's: it knows the step's policy, and tells the reader that a stream starts anew. */
const maxRetries = 0

const responseFormat = (schema: JsonSchema) => ({
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: closed(schema), strict: isStrict(schema) },
  },
})
const openAiOptions = ({ seed, stop, schema }: Sampling) => ({
  ...(seed !== undefined && { seed }),
  ...(stop.length > 0 && { stop: [...stop] }),
  ...(schema && responseFormat(schema)),
})

/** LangChain would send prompts to LangSmith, or through its gateway, if the environment says so. Ours are nobody's business. */
const keepToOurselves = (): void => {
  for (const name of ['LANGSMITH_TRACING_V2', 'LANGCHAIN_TRACING_V2', 'LANGSMITH_TRACING', 'LANGCHAIN_TRACING'])
    process.env[name] = 'false'
  delete process.env['LANGSMITH_GATEWAY']
}
const hosted = async (model: string, modelProvider: string, fields: Record<string, unknown>) => {
  keepToOurselves()
  const { initChatModel } = await import('langchain/chat_models/universal')
  return initChatModel(model, { modelProvider, maxRetries, ...fields })
}

const importOpenAi = () => import('@langchain/openai')

/** Loads the library of local models while their worker starts: it takes about as long, half a second and more. */
export const preload = (): void => void importOpenAi().catch(() => undefined)

/** An OpenAI-compatible server: a worker of ours, or a named provider. Nothing of the OpenAI account goes there. */
const compatible: Build = async ({ model, baseUrl, key }, sampling, fetch) => {
  keepToOurselves()
  const { ChatOpenAI } = await importOpenAi()
  return {
    model: new ChatOpenAI({
      model,
      apiKey: key ?? 'none',
      maxRetries,
      useResponsesApi: false,
      maxTokens: sampling.maxTokens,
      ...(sampling.temperature !== undefined && { temperature: sampling.temperature }),
      configuration: { baseURL: baseUrl ?? '', organization: null, project: null, fetch },
    }),
    options: openAiOptions(sampling),
  }
}

const google: Build = async ({ model, key = '' }, { maxTokens, temperature, stop, schema }) => {
  keepToOurselves()
  const { ChatGoogleGenerativeAI } = await import('@langchain/google-genai')
  const chat = new ChatGoogleGenerativeAI({
    model,
    apiKey: key,
    maxRetries,
    maxOutputTokens: maxTokens,
    stopSequences: [...stop],
    ...(temperature !== undefined && { temperature }),
    ...(process.env['GOOGLE_GEMINI_BASE_URL'] && { baseUrl: process.env['GOOGLE_GEMINI_BASE_URL'] }),
  })
  // Google's client promises the whole answer beside the stream, and LangChain leaves that promise alone: where a connection
  // breaks, its rejection would end this process. The field is private in the types only.
  const { client } = chat as unknown as {
    client: { generateContentStream: (...args: unknown[]) => Promise<{ response: Promise<unknown> }> }
  }
  const stream = client.generateContentStream.bind(client)
  client.generateContentStream = async (...args) => {
    const answer = await stream(...args)
    answer.response.catch(() => undefined)
    return answer
  }
  return { model: chat, options: { ...(schema && { responseSchema: opened(schema) }) } }
}

const hostedProviders: Record<string, Build> = {
  openai: async ({ model, key }, sampling, fetch) => ({
    model: await hosted(model, 'openai', {
      apiKey: key,
      maxTokens: sampling.maxTokens,
      temperature: sampling.temperature,
      configuration: { fetch },
    }),
    options: openAiOptions(sampling),
  }),
  anthropic: async ({ model, key }, { maxTokens, temperature, stop, schema }, fetch) => ({
    model: await hosted(model, 'anthropic', { apiKey: key, maxTokens, temperature, clientOptions: { fetch } }),
    options: {
      ...(stop.length > 0 && { stop: [...stop] }),
      ...(schema && { outputConfig: { format: { type: 'json_schema', schema: closed(schema) } } }),
    },
    cumulative: true,
  }),
  google,
  ollama: async ({ model, baseUrl }, { maxTokens, temperature, seed, stop, schema }, fetch) => ({
    model: await hosted(model, 'ollama', { baseUrl, numPredict: maxTokens, temperature, seed, fetch }),
    options: { ...(stop.length > 0 && { stop: [...stop] }), ...(schema && { format: schema }) },
  }),
}

/** The model of a target, built by LangChain. */
export const prepare: Build = (target, sampling, fetch) =>
  (hostedProviders[target.provider] ?? compatible)(target, sampling, fetch)

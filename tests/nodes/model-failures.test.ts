import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askModel } from '#tests/support/ask-model.ts'
import {
  type Heard,
  type Recorded,
  type RecordedProvider,
  startRecordedProvider,
} from '#tests/support/recorded-provider.ts'

const secrets = { openai: 'sk-test', anthropic: 'ak-test', google: 'gk-test' }
const openai = 'openai:gpt-5.4-nano'
const anthropic = 'anthropic:claude-haiku-4-5'
const google = 'google:gemini-2.5-flash-lite'
const ollama = 'ollama:qwen3:4b'

let provider: RecordedProvider
let answer: (heard: Heard) => Recorded
beforeEach(async () => {
  provider = await startRecordedProvider((heard) => answer(heard))
  vi.stubEnv('OPENAI_BASE_URL', `${provider.url}/v1`)
  vi.stubEnv('ANTHROPIC_BASE_URL', provider.url)
  vi.stubEnv('GOOGLE_GEMINI_BASE_URL', provider.url)
  vi.stubEnv('OLLAMA_HOST', provider.url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await provider.close()
})

const json = { 'content-type': 'application/json' }
const refusal = (status: number, body: unknown, headers: Record<string, string> = {}): Recorded => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
})
const openaiError = (code: string | null, type = 'invalid_request_error', param: string | null = null) => ({
  error: { message: 'words that change every year', type, param, code },
})
const anthropicError = (type: string) => ({ type: 'error', error: { type, message: 'words that change every year' } })
const googleError = (code: number, status: string, reason?: string, retryDelay?: string) => ({
  error: {
    code,
    status,
    message: 'words that change every year',
    ...(retryDelay && { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] }),
    ...(reason && {
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }],
    }),
  },
})

describe('a refusal of a provider becomes a code with a way out', () => {
  test.each<[string, Recorded, string, unknown]>([
    [openai, refusal(401, openaiError('invalid_api_key')), 'key-refused', 'never'],
    [openai, refusal(403, openaiError(null)), 'key-refused', 'never'],
    [openai, refusal(404, openaiError('model_not_found')), 'model-missing', 'never'],
    [
      openai,
      refusal(429, openaiError('rate_limit_exceeded', 'requests'), { 'retry-after': '7' }),
      'rate-limited',
      { after: 7_000 },
    ],
    [openai, refusal(429, openaiError('rate_limit_exceeded', 'requests')), 'rate-limited', 'later'],
    [openai, refusal(429, openaiError('insufficient_quota', 'insufficient_quota')), 'quota-exhausted', 'never'],
    [openai, refusal(400, openaiError('context_length_exceeded')), 'context-too-long', 'never'],
    [openai, refusal(400, openaiError('content_policy_violation')), 'content-filtered', 'never'],
    [openai, refusal(400, openaiError('unknown_parameter')), 'request-refused', 'never'],
    [openai, refusal(500, openaiError(null, 'server_error')), 'overloaded', 'later'],
    [openai, refusal(503, openaiError(null, 'server_error'), { 'retry-after': '2' }), 'overloaded', { after: 2_000 }],
    [openai, { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' }, 'overloaded', 'later'],
    [anthropic, refusal(401, anthropicError('authentication_error')), 'key-refused', 'never'],
    [anthropic, refusal(404, anthropicError('not_found_error')), 'model-missing', 'never'],
    [
      anthropic,
      refusal(429, anthropicError('rate_limit_error'), { 'retry-after': '3' }),
      'rate-limited',
      { after: 3_000 },
    ],
    [anthropic, refusal(529, anthropicError('overloaded_error')), 'overloaded', 'later'],
    [anthropic, refusal(400, anthropicError('invalid_request_error')), 'request-refused', 'never'],
    [anthropic, refusal(403, anthropicError('permission_error')), 'key-refused', 'never'],
    [google, refusal(400, googleError(400, 'INVALID_ARGUMENT', 'API_KEY_INVALID')), 'key-refused', 'never'],
    [google, refusal(404, googleError(404, 'NOT_FOUND')), 'model-missing', 'never'],
    [google, refusal(429, googleError(429, 'RESOURCE_EXHAUSTED')), 'rate-limited', 'later'],
    [google, refusal(429, googleError(429, 'RESOURCE_EXHAUSTED', undefined, '1.5s')), 'rate-limited', { after: 1_500 }],
    [google, refusal(503, googleError(503, 'UNAVAILABLE')), 'overloaded', 'later'],
    [ollama, refusal(404, { error: 'model not found' }), 'model-missing', 'never'],
    [ollama, refusal(500, { error: 'it crashed' }), 'overloaded', 'later'],
  ])('%s, %j → %s', async (model, recorded, code, retry) => {
    answer = () => recorded
    await expect(askModel({ model }, { secrets })).rejects.toMatchObject({ name: 'NodeError', code, retry })
    expect(provider.heard, 'it is the engine that tries again').toHaveLength(1)
  })

  test('the key itself is not told', async () => {
    answer = () => refusal(401, openaiError('invalid_api_key'))
    const failure = await askModel({ model: openai }, { secrets }).catch((error: Error) => error)
    expect(JSON.stringify(failure)).not.toContain('sk-test')
    expect(String(failure)).toContain('"openai"')
  })
})

describe('a stream that fails on the way', () => {
  const chunk = (choice: object) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`
  const hello = chunk({ delta: { content: 'Hello' }, finish_reason: null })

  test('an error event is an error', async () => {
    answer = () => ({ body: `${hello}data: ${JSON.stringify(openaiError(null, 'server_error'))}\n\n` })
    await expect(askModel({ model: openai }, { secrets })).rejects.toMatchObject({ code: 'overloaded', retry: 'later' })
    answer = () => ({ body: `event: error\ndata: ${JSON.stringify(anthropicError('overloaded_error'))}\n\n` })
    await expect(askModel({ model: anthropic }, { secrets })).rejects.toMatchObject({
      code: 'overloaded',
      retry: 'later',
    })
  })

  test('a clean end without a reason for it is not an answer', async () => {
    answer = () => ({ body: hello })
    await expect(askModel({ model: openai }, { secrets })).rejects.toMatchObject({
      code: 'connection-lost',
      retry: 'later',
    })
  })

  test('an answer cut at the limit says so', async () => {
    answer = () => ({ body: `${hello}${chunk({ delta: {}, finish_reason: 'length' })}data: [DONE]\n\n` })
    expect((await askModel({ model: openai }, { secrets })).end).toEqual({ type: 'end', finish: 'length', usage: null })
  })

  test('filtered content is an error', async () => {
    answer = () => ({ body: `${hello}${chunk({ delta: {}, finish_reason: 'content_filter' })}data: [DONE]\n\n` })
    await expect(askModel({ model: openai }, { secrets })).rejects.toMatchObject({ code: 'content-filtered' })
  })
})

describe('a model that takes no temperature', () => {
  const done = (body: Recorded['body']): Recorded => ({ body })
  const openaiDone = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'ok' }, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

  test('is asked again without one when it refuses it', async () => {
    answer = ({ body }) =>
      'temperature' in body
        ? refusal(400, openaiError('unsupported_value', 'invalid_request_error', 'temperature'))
        : done(openaiDone)
    expect((await askModel({ model: 'openai:o9' }, { secrets })).text).toBe('ok')
    expect(provider.heard).toHaveLength(2)
  })

  test('is asked without one where its client knows', async () => {
    answer = ({ body }) => refusal(400, anthropicError('temperature' in body ? 'had-temperature' : 'not_found_error'))
    await expect(askModel({ model: 'anthropic:claude-opus-5' }, { secrets })).rejects.toMatchObject({
      code: 'model-missing',
    })
    expect(provider.heard).toHaveLength(1)
  })
})

describe('a JSON schema', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  const shut = { ...schema, additionalProperties: false }
  test.each<[string, object]>([
    [openai, { response_format: { type: 'json_schema', json_schema: { schema: shut, strict: true } } }],
    [anthropic, { output_config: { format: { type: 'json_schema', schema: shut } } }],
    [google, { generationConfig: { responseMimeType: 'application/json', responseSchema: { properties: { a: {} } } } }],
    [ollama, { format: schema }],
  ])('is sent to %s in its own way', async (model, body) => {
    answer = () => refusal(401, {})
    await expect(askModel({ model, jsonSchema: schema, stop: ['END'] }, { secrets })).rejects.toThrow()
    expect(provider.heard[0]?.body).toMatchObject(body)
    expect(JSON.stringify(provider.heard[0]?.body)).toContain('"END"')
  })
})

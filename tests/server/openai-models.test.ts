import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { DeploymentInfo } from '#server/api.ts'
import { type Listening, listening, refused } from '#tests/support/listening-app.ts'
import { withLocalWorker } from '#tests/support/local-worker.ts'
import { openApp, type TestApp } from '#tests/support/open-app.ts'

const local = withLocalWorker()
let app: TestApp
let server: Listening
beforeAll(async () => {
  app = await openApp(
    await openDatabase({ memory: true }),
    {},
    {
      endpoint: (model, signal) => local.worker().endpoint(model, signal),
      models: () => local.worker().list(),
    },
  )
  server = await listening(app)
  const made = await app.answer<DeploymentInfo>('POST', '/api/deployments', {
    body: { name: 'tickets', target: { kind: 'model', model: 'local:tiny' }, note: 'first' },
  })
  expect(made).toMatchObject({ name: 'tickets', revision: 1, revisions: [{ note: 'first', run: null }] })
})
afterAll(async () => {
  server.stop()
  await app.stop()
})

const ticket = 'Which category is it: billing, bug, account, shipping?\nMy lamp has not arrived.'
const messages = [{ role: 'user' as const, content: ticket }]
const ask = { model: 'tickets', messages, temperature: 0, max_tokens: 8 }
const newKey = async (scope: string, only?: string[]) =>
  (
    await app.answer<{ key: string; only: string[] | null }>('POST', '/api/keys', {
      body: { name: 'k', scope, ...(only && { only }) },
    })
  ).key

describe('the openai client', () => {
  test.each(['tickets', 'local:tiny'])('chats with %s', async (model) => {
    const answer = await server.client(await newKey('serve')).chat.completions.create({ ...ask, model })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'shipping' } })
    expect(answer.usage?.total_tokens).toBeGreaterThan(10)
  })
  test.each([true, false])('streams, with usage: %s', async (include_usage) => {
    const stream = await server
      .client()
      .chat.completions.create({ ...ask, stream: true, stream_options: { include_usage } })
    let [text, usage] = ['', 0]
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      usage += chunk.usage?.total_tokens ?? 0
    }
    expect([text, usage > 0]).toEqual(['shipping', include_usage])
  })
  test('gets JSON of a schema', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, city: { type: 'string' } },
      required: ['name', 'city'],
      additionalProperties: false,
    }
    const answer = await server.client().chat.completions.create({
      model: 'tickets',
      temperature: 0,
      messages: [{ role: 'user', content: 'Extract name, city as JSON:\nMy name is Maya Wood. I live in Oslo.' }],
      response_format: { type: 'json_schema', json_schema: { name: 'person', schema, strict: true } },
    })
    expect(Object.keys(JSON.parse(answer.choices[0]?.message.content ?? ''))).toEqual(['name', 'city'])
  })
  test.each(['tickets', 'local:tiny'])('embeds texts with %s', async (model) => {
    const { data, usage } = await server
      .client(await newKey('serve'))
      .embeddings.create({ model, input: ['a lamp', 'two'] })
    expect(data.map(({ index }) => index)).toEqual([0, 1])
    expect(data[0]?.embedding.length).toBeGreaterThan(64)
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding)
    expect(usage.prompt_tokens).toBeGreaterThan(1)
  })
  test('lists what its key may call', async () => {
    const idsOf = async (key: string) => (await server.client(key).models.list()).data.map(({ id }) => id)
    expect(await idsOf(await newKey('serve'))).toEqual(['tickets', 'local:tiny'])
    const limited = await newKey('serve', ['tickets', 'not-there-yet'])
    expect(await idsOf(limited)).toEqual(['tickets'])
    expect(await server.client(limited).models.retrieve('tickets')).toMatchObject({ id: 'tickets', object: 'model' })
    expect((await refused(server.client(limited).models.retrieve('local:tiny'))).status).toBe(404)
  })
  test('that leaves in the middle of an answer ends it within a second', async () => {
    const stream = await server.client().chat.completions.create({
      model: 'local:tiny',
      stream: true,
      temperature: 1.5,
      max_tokens: 4_000,
      messages: [{ role: 'user', content: 'Copy: a b c d e f g h i j k l m n o p' }],
    })
    for await (const _ of stream) break
    stream.controller.abort()
    // The worker takes what comes next at once: nothing of the old answer holds its only place.
    const started = Date.now()
    await server.client().chat.completions.create(ask)
    expect(Date.now() - started).toBeLessThan(1_000)
  })
})

describe('what is refused', () => {
  const limited = () => newKey('serve', ['elsewhere'])
  const calls: [
    what: string,
    key: () => Promise<string>,
    body: Record<string, unknown>,
    status: number,
    code: string,
  ][] = [
    ['a key that nobody made', async () => 'pb_key_wrong', ask, 401, 'invalid_api_key'],
    ['a name that is not on the key’s list', limited, ask, 403, 'model_not_allowed'],
    ['a name that nobody deployed', () => newKey('serve'), { ...ask, model: 'nobody' }, 404, 'model_not_found'],
    ['a model that no worker has', () => newKey('run'), { ...ask, model: 'local:absent.gguf' }, 404, 'model_not_found'],
    ['a tuned model that is not there', () => newKey('run'), { ...ask, model: 'tuned:a@1' }, 404, 'model_not_found'],
    ['a body without model', () => newKey('serve'), { messages }, 400, 'invalid_value'],
    ['more choices than a worker gives', () => newKey('serve'), { ...ask, n: 3 }, 400, 'unsupported_parameter'],
    ['no messages', () => newKey('serve'), { ...ask, messages: [] }, 400, 'invalid_body'],
  ]
  test.each(calls)('%s', async (_, key, body, status, code) => {
    const client = server.client(await key())
    const error = await refused(client.chat.completions.create(body as unknown as typeof ask))
    expect([error.status, error.code]).toEqual([status, code])
    expect(error.message).toMatch(/\. \S|: /)
    expect(typeof error.type).toBe('string')
  })
  test('a body that is no JSON, and an address that is not there', async () => {
    const broken = await app.ask('POST', '/v1/chat/completions', { body: '{"model":' })
    expect([broken.status, await broken.json()]).toEqual([
      400,
      {
        error: {
          message: expect.stringContaining('line 1'),
          type: 'invalid_request_error',
          param: null,
          code: 'bad_json',
        },
      },
    ])
    const nowhere = await app.ask('POST', '/v1/audio/speech', { body: {} })
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  })
  test('a list of names on a key that may do more than call them', async () => {
    expect((await app.ask('POST', '/api/keys', { body: { name: 'k', scope: 'edit', only: ['a'] } })).status).toBe(422)
  })
})

describe('LangChain', () => {
  const chat = () =>
    new ChatOpenAI({
      model: 'tickets',
      apiKey: 'an-admin-token-for-tests',
      temperature: 0,
      maxTokens: 8,
      maxRetries: 0,
      configuration: { baseURL: `${server.url}/v1` },
    })
  test('embeds', async () => {
    const configuration = { baseURL: `${server.url}/v1` }
    const apiKey = 'an-admin-token-for-tests'
    const embeddings = new OpenAIEmbeddings({ model: 'tickets', apiKey, maxRetries: 0, configuration })
    const [one, other] = await embeddings.embedDocuments(['a lamp', 'two'])
    expect(one?.length).toBeGreaterThan(64)
    expect(await embeddings.embedQuery('a lamp')).toEqual(one)
    expect(one).not.toEqual(other)
  })
  test('chats and streams', async () => {
    expect((await chat().invoke(ticket)).content).toBe('shipping')
    let text = ''
    for await (const chunk of await chat().stream(ticket)) text += chunk.text
    expect(text).toBe('shipping')
  })
})

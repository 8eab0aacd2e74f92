import OpenAI from 'openai'
import { beforeAll, describe, expect, test } from 'vitest'
import { withLocalWorker } from '#tests/support/local-worker.ts'

const under = withLocalWorker()
let client: OpenAI
beforeAll(async () => {
  const { url, token } = await under.worker().endpoint('local:tiny', AbortSignal.timeout(30_000))
  client = new OpenAI({ baseURL: url, apiKey: token ?? '', maxRetries: 0 })
})
const ask = (content: string) => ({ model: 'tiny', temperature: 0, messages: [{ role: 'user' as const, content }] })
const ticket = ask('Which category is it: billing, bug, account, shipping?\nMy lamp has not arrived.')
const person = ask('Extract name, city as JSON:\nMy name is Maya Wood. I live in Oslo.')

describe("OpenAI's own client against a worker", () => {
  test('gets an answer with its usage', async () => {
    const answer = await client.chat.completions.create(ticket)
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'shipping' },
    })
    expect(answer.usage).toEqual({ prompt_tokens: 36, completion_tokens: 1, total_tokens: 37 })
  })

  test('streams an answer, and its usage last', async () => {
    const stream = await client.chat.completions.create({
      ...ask('Repeat this text: bako zan'),
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('bako zan')
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length).toBeGreaterThan(3)
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 22, completion_tokens: 6, total_tokens: 28 },
    })
  })

  test('tells no usage in a stream that did not ask for it', async () => {
    const stream = await client.chat.completions.create({ ...ticket, stream: true })
    for await (const chunk of stream) expect(chunk.usage).toBeUndefined()
  })

  test('cuts at max_tokens, says so, and counts exactly', async () => {
    const answer = await client.chat.completions.create({ ...ask('Repeat this text: bako zan'), max_tokens: 3 })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'bako' } })
    expect(answer.usage?.completion_tokens).toBe(3)
  })

  test('ends before a stop text', async () => {
    const answer = await client.chat.completions.create({ ...ask('Repeat this text: bako zan'), stop: [' z'] })
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'bako' } })
  })

  test('keeps to a JSON schema that the model would not follow by itself', async () => {
    const schema = {
      type: 'object',
      properties: { label: { type: 'string', enum: ['red', 'green'] }, count: { type: 'integer' } },
      required: ['label', 'count'],
      additionalProperties: false,
    }
    const answer = await client.chat.completions.create({
      ...ticket,
      max_tokens: 60,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
    })
    const value = JSON.parse(answer.choices[0]?.message.content ?? '')
    expect(['red', 'green']).toContain(value.label)
    expect(Number.isInteger(value.count)).toBe(true)
    expect(Object.keys(value)).toEqual(['label', 'count'])
  })

  test('extracts what a schema asks for', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, city: { type: 'string' } },
      required: ['name', 'city'],
    }
    const answer = await client.chat.completions.create({
      ...person,
      response_format: { type: 'json_schema', json_schema: { name: 'person', schema } },
    })
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ name: 'Maya Wood', city: 'Oslo' })
  })

  test('repeats a varied answer with the same seed', async () => {
    const schema = { type: 'array', items: { type: 'integer' }, minItems: 20 }
    const varied = async (seed: number) => {
      const answer = await client.chat.completions.create({
        ...ask('numbers'),
        ...{ temperature: 2, seed, max_tokens: 24 },
        response_format: { type: 'json_schema', json_schema: { name: 'numbers', schema } },
      })
      return answer.choices[0]?.message.content
    }
    const first = await varied(1)
    expect(await varied(1)).toBe(first)
    expect([await varied(2), await varied(3), await varied(4)].some((other) => other !== first)).toBe(true)
  })

  test('lists the models', async () => {
    expect((await client.models.list()).data.map((model) => model.id)).toEqual(['tiny'])
  })

  test('gets errors of the kinds it knows', async () => {
    const stranger = new OpenAI({ baseURL: client.baseURL, apiKey: 'wrong', maxRetries: 0 })
    await expect(stranger.chat.completions.create(ticket)).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
    const missing = client.chat.completions.create({ ...ticket, model: 'none.gguf' })
    await expect(missing).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(missing).rejects.toMatchObject({ code: 'model_not_found', param: 'model' })
    const long = client.chat.completions.create(ask('word '.repeat(600)))
    await expect(long).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' })
    const two = client.chat.completions.create({ ...ticket, n: 2 })
    await expect(two).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'n' })
    const wrong = client.chat.completions.create({ ...ticket, temperature: 9 })
    await expect(wrong).rejects.toMatchObject({ status: 400, code: 'invalid_body', param: 'temperature' })
  })

  test('a model file with a lying name is refused', async () => {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(`${under.folder()}/pickle.gguf`, 'not a model')
    await expect(client.chat.completions.create({ ...ticket, model: 'pickle.gguf' })).rejects.toMatchObject({
      status: 422,
      code: 'model_unusable',
    })
    await expect(client.chat.completions.create({ ...ticket, model: '../tiny.gguf' })).rejects.toMatchObject({
      status: 404,
    })
  })
})

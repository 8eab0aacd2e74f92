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
const copy = ask('Repeat this text: bako zan')
const dot = (a: number[] = [], b: number[] = []) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
const vectors = async (input: string | string[], more: Partial<OpenAI.EmbeddingCreateParams> = {}) =>
  (await client.embeddings.create({ model: 'tiny', input, ...more })).data.map(({ embedding }) => embedding)

describe('embeddings, with the client of OpenAI', () => {
  test('are vectors of length 1, one for each text, in order', async () => {
    const both = await vectors(['a lamp that is broken', 'billing'])
    const [lamp] = await vectors('a lamp that is broken')
    expect(both.map(({ length }) => length)).toEqual([lamp?.length, lamp?.length])
    expect(dot(lamp, lamp)).toBeCloseTo(1, 5)
    expect(dot(both[0], lamp)).toBeCloseTo(1, 5)
    expect(dot(both[1], lamp)).toBeLessThan(0.999)
  })

  test('are the same in base64, which the client asks for by itself, and as numbers', async () => {
    const [packed] = await vectors('안녕하세요')
    const [plain] = await vectors('안녕하세요', { encoding_format: 'float' })
    expect(plain?.length).toBeGreaterThan(100)
    expect(packed).toEqual(plain)
  })

  test('count what they read', async () => {
    const one = await client.embeddings.create({ model: 'tiny', input: 'bako' })
    const three = await client.embeddings.create({ model: 'tiny', input: ['bako', 'bako', 'bako'] })
    expect(one.usage.prompt_tokens).toBeGreaterThan(0)
    expect(three.usage).toEqual({
      prompt_tokens: one.usage.prompt_tokens * 3,
      total_tokens: one.usage.prompt_tokens * 3,
    })
  })

  test('of tokens, of nothing, of too much and shortened ones are refused with a way out', async () => {
    const refused = (params: Partial<OpenAI.EmbeddingCreateParams>) =>
      client.embeddings.create({ model: 'tiny', input: 'a', ...params }).catch((error: unknown) => error)
    expect(await refused({ input: [1, 2, 3] })).toMatchObject({ status: 400, code: 'invalid_body', param: 'input' })
    expect(String(await refused({ input: [[1, 2]] }))).toContain('Send text')
    expect(await refused({ input: '' })).toMatchObject({ status: 400, param: 'input' })
    expect(await refused({ input: [] })).toMatchObject({ status: 400, param: 'input' })
    expect(await refused({ dimensions: 8 })).toMatchObject({ status: 400, param: 'dimensions' })
    expect(await refused({ input: ['a', 'word '.repeat(2_000)] })).toMatchObject({ code: 'context_length_exceeded' })
    expect(await refused({ model: 'none.gguf' })).toMatchObject({ status: 404, code: 'model_not_found' })
  })
})

describe('log-probabilities, with the client of OpenAI', () => {
  test('come for every token, with the likeliest ones beside it', async () => {
    const answer = await client.chat.completions.create({ ...copy, logprobs: true, top_logprobs: 3 })
    const tokens = answer.choices[0]?.logprobs?.content ?? []
    expect(tokens.map(({ token }) => token).join('')).toBe('bako zan')
    expect(tokens).toHaveLength(answer.usage?.completion_tokens ?? -1)
    for (const { token, logprob, bytes, top_logprobs } of tokens) {
      expect(Buffer.from(bytes ?? []).toString()).toBe(token)
      expect(logprob).toBeLessThanOrEqual(0)
      expect(top_logprobs).toHaveLength(3)
      // At temperature 0 the likeliest is taken.
      expect(top_logprobs[0]).toEqual({ token, logprob, bytes })
      const [first, second] = top_logprobs
      expect(first?.logprob).toBeGreaterThanOrEqual(second?.logprob ?? 0)
      expect(top_logprobs.reduce((sum, of) => sum + Math.exp(of.logprob), 0)).toBeLessThanOrEqual(1.0001)
    }
  })

  test('do not change the answer, and are absent where nobody asked', async () => {
    const plain = await client.chat.completions.create(copy)
    const told = await client.chat.completions.create({ ...copy, logprobs: true })
    expect(plain.choices[0]?.logprobs).toBeNull()
    expect(told.choices[0]?.message).toEqual(plain.choices[0]?.message)
    expect(told.usage).toEqual(plain.usage)
    expect(told.choices[0]?.logprobs?.content?.[0]?.top_logprobs).toEqual([])
  })

  test('stream beside the text that they belong to', async () => {
    const stream = await client.chat.completions.create({ ...copy, logprobs: true, top_logprobs: 1, stream: true })
    let text = ''
    let told = ''
    for await (const { choices } of stream) {
      text += choices[0]?.delta.content ?? ''
      told += (choices[0]?.logprobs?.content ?? []).map(({ token }) => token).join('')
      expect(told).toBe(text)
    }
    expect(text).toBe('bako zan')
  })

  test('leave out what a stop text cut off', async () => {
    const answer = await client.chat.completions.create({ ...copy, logprobs: true, stop: [' z'] })
    const told = answer.choices[0]?.logprobs?.content?.map(({ token }) => token).join('')
    expect([answer.choices[0]?.message.content, told]).toEqual(['bako', 'bako'])
  })

  test('are those of the model at any temperature, and a seed repeats the draw', async () => {
    // Nothing that it learned: it is sure of no answer.
    const free = { ...copy, messages: [{ role: 'user' as const, content: 'Go on, and on' }], max_tokens: 12 }
    const hot = (seed: number) =>
      client.chat.completions.create({ ...free, temperature: 2, seed, logprobs: true, top_logprobs: 2 })
    const [cold, one, same] = [
      await client.chat.completions.create({ ...free, logprobs: true, top_logprobs: 2 }),
      await hot(5),
      await hot(5),
    ]
    const first = (answer: OpenAI.ChatCompletion) => answer.choices[0]?.logprobs?.content?.[0]?.top_logprobs
    expect(first(one)?.[0]?.logprob).toBeCloseTo(first(cold)?.[0]?.logprob ?? 1, 3)
    expect(same.choices[0]?.message.content).toBe(one.choices[0]?.message.content)
    const others = [await hot(6), await hot(7), await hot(8)].map((answer) => answer.choices[0]?.message.content)
    expect(others.some((other) => other !== one.choices[0]?.message.content)).toBe(true)
  })

  test('go with a schema at temperature 0', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const format = { type: 'json_schema' as const, json_schema: { name: 'n', schema } }
    const answer = await client.chat.completions.create({ ...copy, logprobs: true, response_format: format })
    const told = answer.choices[0]?.logprobs?.content?.map(({ token }) => token).join('')
    expect(told).toBe(answer.choices[0]?.message.content)
    expect(JSON.parse(told ?? '')).toEqual({ n: expect.any(Number) })
    const hot = client.chat.completions.create({ ...copy, temperature: 1, logprobs: true, response_format: format })
    await expect(hot).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'logprobs' })
  })

  test('in too great a number, or without being asked for, are refused', async () => {
    const many = client.chat.completions.create({ ...copy, logprobs: true, top_logprobs: 21 })
    await expect(many).rejects.toMatchObject({ status: 400, param: 'top_logprobs' })
    const unasked = client.chat.completions.create({ ...copy, top_logprobs: 2 })
    await expect(unasked).rejects.toMatchObject({ status: 400, param: 'top_logprobs' })
  })
})

import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { askHealth } from '#runtime/dispatch/health.ts'
import { withLocalWorker } from '#tests/support/local-worker.ts'

const under = withLocalWorker()
let configuration: { baseURL: string }
let apiKey = ''
beforeAll(async () => {
  const { url, token } = await under.worker().endpoint('local:tiny', AbortSignal.timeout(30_000))
  configuration = { baseURL: url }
  apiKey = token ?? ''
})
const chat = (more: object = {}) =>
  new ChatOpenAI({ model: 'tiny', temperature: 0, apiKey, configuration, maxRetries: 0, ...more })

describe("LangChain's ChatOpenAI against a worker", () => {
  test('gets an answer with its usage', async () => {
    const answer = await chat().invoke(
      'Which category is it: billing, bug, account, shipping?\nMy lamp has not arrived.',
    )
    expect(answer.content).toBe('shipping')
    expect(answer.usage_metadata).toMatchObject({ output_tokens: 1 })
    expect(answer.response_metadata['finish_reason']).toBe('stop')
  })

  test('streams an answer with its usage', async () => {
    const parts = []
    let usage: unknown
    for await (const chunk of await chat().stream('Repeat this text: bako zan')) {
      parts.push(chunk.content)
      usage = chunk.usage_metadata ?? usage
    }
    expect(parts.join('')).toBe('bako zan')
    expect(parts.filter((part) => part !== '').length).toBeGreaterThan(3)
    expect(usage).toMatchObject({ output_tokens: 6 })
  })

  test('gets an object of the shape that it asks for', async () => {
    const person = z.object({ name: z.string(), city: z.string() })
    const model = chat().withStructuredOutput(person, { method: 'jsonSchema' })
    const found = await model.invoke('Extract name, city as JSON:\nMy name is Maya Wood. I live in Oslo.')
    expect(found).toEqual({ name: 'Maya Wood', city: 'Oslo' })
  })

  test('gets log-probabilities', async () => {
    const answer = await chat({ logprobs: true, topLogprobs: 2 }).invoke('Repeat this text: bako zan')
    expect(answer.response_metadata['logprobs']).toMatchObject({
      content: expect.arrayContaining([expect.objectContaining({ logprob: expect.any(Number) })]),
    })
  })

  test('is told what is wrong with key, model and values', async () => {
    const failing = (more: object) => chat(more).invoke('Repeat this text: bako')
    await expect(failing({ apiKey: 'wrong' })).rejects.toMatchObject({ status: 401 })
    await expect(failing({ model: 'none.gguf' })).rejects.toMatchObject({ status: 404 })
    await expect(failing({ temperature: 9 })).rejects.toMatchObject({ status: 400 })
  })

  test('that is aborted has stopped within a second', async () => {
    const controller = new AbortController()
    const endless = chat({
      modelKwargs: {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'numbers', schema: { type: 'array', items: { type: 'integer' }, minItems: 500 } },
        },
      },
    })
    const read = async () => {
      let parts = 0
      for await (const _ of await endless.stream('numbers', { signal: controller.signal }))
        if (++parts === 3) controller.abort()
      return parts
    }
    await expect(read()).rejects.toThrow()
    const gone = performance.now()
    expect((await chat().invoke('Repeat this text: bako')).content).toBe('bako')
    const { url, token } = await under.worker().endpoint('local:tiny', AbortSignal.timeout(30_000))
    const health = await askHealth({ url: url.replace(/\/v1$/, ''), token: token ?? '' })
    expect(health).toMatchObject({ running: 0, waiting: 0, capacity: 4 })
    expect(performance.now() - gone).toBeLessThan(1_000)
  })
})

describe("LangChain's OpenAIEmbeddings against a worker", () => {
  test('gets vectors for documents and for a query', async () => {
    const embeddings = new OpenAIEmbeddings({ model: 'tiny', apiKey, configuration, maxRetries: 0 })
    const documents = await embeddings.embedDocuments(['a lamp', 'an invoice'])
    const query = await embeddings.embedQuery('a lamp')
    expect(documents.map(({ length }) => length)).toEqual([query.length, query.length])
    expect(documents[0]).toEqual(query)
    expect(documents[1]).not.toEqual(query)
  })
})

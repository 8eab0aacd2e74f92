import { describe, expect, test } from 'vitest'
import type { NodeContext } from '#nodes/define.ts'
import { secretsOfModel } from '#nodes/lib/model-id.ts'
import { model } from '#nodes/model/model.ts'
import { kindSchema } from '#nodes/ports.ts'
import { withLocalWorker } from '#tests/support/local-worker.ts'

const under = withLocalWorker()

const refuse = async () => {
  throw new Error('nothing outside here')
}
const nothingOutside = { job: refuse, keepModel: refuse, deploy: refuse }

/** Runs the node as the engine does: config parsed, a signal, everything that it tells kept. */
const run = async (config: object, contents: string[][], signal = AbortSignal.timeout(30_000)) => {
  const told = { deltas: [] as string[], used: [] as unknown[] }
  const context: NodeContext<ReturnType<typeof model.config.parse>, { messages: never }, 'text'> = {
    config: model.config.parse(config),
    // Ports are typed per definition; what stands here is what `port.many(port.messages())` carries.
    inputs: { messages: contents.map((part) => part.map((content) => ({ role: 'user', content }))) as never },
    kinds: { messages: 'messages' },
    signal,
    attempt: 1,
    idempotencyKey: 'test',
    secret: async (name) => name,
    emit: (_, delta) => told.deltas.push(delta),
    progress: () => {},
    usage: (used) => told.used.push(used),
    resource: async () => {
      throw new Error('no resources here')
    },
    endpoint: (id) => under.worker().endpoint(id, signal),
    ...nothingOutside,
    memo: (_, build) => build(),
    artifacts: {
      read: async () => new Uint8Array(),
      write: async () => {
        throw new Error('no artifacts here')
      },
    },
  }
  return { ...(await model.run(context)), ...told }
}

describe('the model node', () => {
  test.each(model.examples ?? [])('runs its example: $title.en', async ({ config, inputs }) => {
    const contents = (inputs.messages as { content: string }[][]).map((part) => part.map((message) => message.content))
    const { text, message, usage } = await run(config, contents)
    expect(text).not.toBe('')
    kindSchema.message.parse(message)
    kindSchema.json.parse(usage)
  })

  test('streams its text and counts what it used, the same in all outputs', async () => {
    const { text, message, usage, deltas, used } = await run({}, [['Repeat this text: bako zan']])
    expect(text).toBe('bako zan')
    expect(deltas.length).toBeGreaterThan(1)
    expect(deltas.join('')).toBe(text)
    expect(message).toEqual({ role: 'assistant', content: text })
    expect(usage).toEqual({ inputTokens: 22, outputTokens: 6 })
    expect(used).toEqual([usage])
  })

  test('answers in the shape of its schema', async () => {
    const jsonSchema = {
      type: 'object',
      properties: { name: { type: 'string' }, city: { type: 'string' } },
      required: ['name', 'city'],
    }
    const ask = 'Extract name, city as JSON:\nMy name is Maya Wood. I live in Oslo.'
    expect(JSON.parse((await run({ jsonSchema }, [[ask]])).text ?? '')).toEqual({ name: 'Maya Wood', city: 'Oslo' })
    await expect(run({ jsonSchema, maxTokens: 4 }, [[ask]])).rejects.toMatchObject({ code: 'answer-cut' })
  })

  test('joins the messages of several edges in their order', async () => {
    const first = 'Which category is it: billing, bug?'
    const tokens = async (contents: string[][]) =>
      (await run({ maxTokens: 1 }, contents)).used[0] as { inputTokens: number }
    const together = await tokens([[first], ['My lamp has not arrived.']])
    expect(together).toEqual(await tokens([[first, 'My lamp has not arrived.']]))
    expect(together.inputTokens).toBeGreaterThan((await tokens([[first]])).inputTokens)
  })

  test('says what is wrong when there is nothing to answer, no such model, or too much to read', async () => {
    await expect(run({}, [[]])).rejects.toMatchObject({ code: 'messages-missing' })
    await expect(run({ model: 'local:none' }, [['Hi']])).rejects.toMatchObject({
      code: 'model-missing',
      details: { there: ['local:tiny'] },
    })
    await expect(run({ model: 'local:../tiny.gguf' }, [['Hi']])).rejects.toMatchObject({ code: 'model-missing' })
    await expect(run({}, [['word '.repeat(600)]])).rejects.toMatchObject({ code: 'context-too-long', retry: 'never' })
  })

  test('ends with the reason of its signal', async () => {
    const controller = new AbortController()
    const long = 'bako zan '.repeat(60).trim()
    const running = run({ maxTokens: 400 }, [[`Repeat this text: ${long}`]], controller.signal)
    setTimeout(() => controller.abort(new Error('cancelled by the test')), 30)
    await expect(running).rejects.toThrow('cancelled by the test')
  })

  test('may read the secret of its provider only', () => {
    expect(model.secrets?.(model.config.parse({ model: 'openai:gpt-5.4-nano' }))).toEqual(['openai'])
    expect(model.secrets?.(model.config.parse({}))).toEqual([])
    expect(secretsOfModel('office:x', { office: { secret: 'k' } })).toEqual(['k'])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { DeploymentInfo, Page } from '#server/api.ts'
import { type Listening, listening, refused } from '#tests/support/listening-app.ts'
import { adminToken, openApp, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const scripted = (name: string) =>
  wire(
    {
      ask: { type: 'input', config: { fields: { question: 'text' } } },
      go: { type: 'talk', config: { name }, policy: { retry: { attempts: 2 } } },
      out: { type: 'output', config: { fields: { answer: 'text' } } },
    },
    'ask.question > go.x',
    'go.x > out.answer',
  )
const echo = (kind: string) =>
  wire(
    {
      ask: { type: 'input', config: { fields: { question: kind } } },
      out: { type: 'output', config: { fields: { answer: kind } } },
    },
    'ask.question > out.answer',
  )

let app: TestApp
let server: Listening
let names = 0
let stopped: string[] = []
/** Called when a client of `rewrite` has the first piece. */
let heard = () => {}
beforeAll(async () => {
  app = await openApp(await openDatabase({ memory: true }), {
    speak: ({ emit, inputs }) => {
      emit('x', 'one ')
      emit('x', 'two ')
      return { x: `one two ${inputs.x}` }
    },
    stumble: ({ emit, attempt }) => {
      if (attempt === 1) emit('x', 'half')
      throw new Error('cut off')
    },
    rewrite: ({ emit }) => {
      emit('x', 'wrong')
      return new Promise((resolve) => {
        heard = () => resolve({ x: 'right' })
      })
    },
    nothing: () => ({}),
    hang: ({ emit, signal, inputs }) => {
      emit('x', 'begun')
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(String(inputs.x))
          reject(signal.reason)
        })
      })
    },
  })
  server = await listening(app)
})
afterAll(async () => {
  server.stop()
  await app.stop()
})

const deploy = async (document: PipelineDocument) => {
  const { id } = await app.create(document)
  expect((await app.ask('POST', `/api/pipelines/${id}/publish`)).status).toBe(201)
  const name = `flow-${++names}`
  const target = { kind: 'pipeline', pipeline: id, input: 'question', output: 'answer' }
  const made = await app.answer<DeploymentInfo>('POST', '/api/deployments', { body: { name, target } })
  expect(made).toMatchObject({ name, revision: 1, target: { version: 1 } })
  return { name, id }
}
const say = (model: string, content: string) => ({ model, messages: [{ role: 'user' as const, content }] })
const runsOf = async (pipeline: string) =>
  (await app.answer<Page<RunRecord>>('GET', `/api/runs?pipeline=${pipeline}`)).items
const collect = async (model: string) => {
  const stream = await server.client().chat.completions.create({ ...say(model, 'three'), stream: true })
  const texts: string[] = []
  const failed = await (async () => {
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content
      if (!text) continue
      texts.push(text)
      heard()
    }
  })().catch((error: Error) => error)
  return { texts, failed }
}

describe('a deployed pipeline', () => {
  test('answers as a model does, with the run that it was', async () => {
    const { name, id } = await deploy(scripted('speak'))
    const { data, response } = await server.client().chat.completions.create(say(name, 'three')).withResponse()
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: name,
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'one two three' } }],
      usage: { total_tokens: 0 },
    })
    const [run] = await runsOf(id)
    expect(run).toMatchObject({ id: response.headers.get('patchbay-run'), trigger: 'api', version: 1 })
  })

  test('streams what feeds its output, and the rest at the end', async () => {
    const { name } = await deploy(scripted('speak'))
    const stream = await server.client().chat.completions.create({
      ...say(name, 'three'),
      stream: true,
      stream_options: { include_usage: true },
    })
    let [text, usage, finish] = ['', 0, '']
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      finish = chunk.choices[0]?.finish_reason ?? finish
      if (chunk.usage) usage += 1
    }
    expect([text, usage, finish]).toEqual(['one two three', 1, 'stop'])
  })

  test.each(['text', 'message', 'messages'])('takes and gives a chat by fields of kind %s', async (kind) => {
    const { name } = await deploy(echo(kind))
    const answer = await server.client().chat.completions.create(say(name, 'hello'))
    expect(answer.choices[0]?.message.content).toBe('hello')
  })

  test.each([
    ['stumble', /cut off/],
    ['rewrite', /another text/],
  ])('that goes back on what it streamed (%s) ends with an error', async (behaviour, message) => {
    const { name } = await deploy(scripted(behaviour))
    const { failed } = await collect(name)
    expect(String(failed)).toMatch(message)
  })

  test.each([
    ['stumble', 500, /cut off/],
    ['nothing', 500, /no "answer"/],
  ])('that fails (%s) says why', async (behaviour, status, message) => {
    const { name } = await deploy(scripted(behaviour))
    const error = await refused(server.client().chat.completions.create(say(name, 'x')))
    expect([error.status, error.type]).toEqual([status, 'server_error'])
    expect(error.message).toMatch(message)
  })

  test('that fails is not run again by the client, which retries what it is not told to leave', async () => {
    const { name, id } = await deploy(scripted('stumble'))
    const client = server.client().withOptions({ maxRetries: 2 })
    expect((await refused(client.chat.completions.create(say(name, 'x')))).status).toBe(500)
    expect(await runsOf(id)).toHaveLength(1)
  })

  test.each([
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['n', { n: 2 }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['messages', { messages: [{ role: 'assistant', content: 'hi' }] }],
    ['messages', { messages: [] }],
  ])('refuses what it cannot do: %s', async (param, more) => {
    const { name } = await deploy(echo('text'))
    const body = { ...say(name, 'x'), ...more } as ReturnType<typeof say>
    const error = await refused(server.client().chat.completions.create(body))
    expect([error.status, error.type, error.param]).toEqual([400, 'invalid_request_error', param])
  })

  test('runs once for a key, and refuses the key with another body', async () => {
    const { name, id } = await deploy(scripted('speak'))
    const ask = (text: string) =>
      server.client().chat.completions.create(say(name, text), { headers: { 'idempotency-key': 'one' } })
    const [first, second] = await Promise.all([ask('three'), ask('three')])
    expect(second.id).toBe(first.id)
    expect((await ask('three')).choices[0]?.message.content).toBe('one two three')
    expect(await runsOf(id)).toHaveLength(1)
    expect((await refused(ask('four'))).status).toBe(422)
  })

  test('stops when its caller left before it had begun', async () => {
    const { name, id } = await deploy(scripted('hang'))
    void app.app.request('/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(say(name, 'gone')),
      signal: AbortSignal.abort(),
    })
    await expect.poll(async () => (await runsOf(id))[0]?.status, { timeout: 5_000 }).toBe('cancelled')
  })

  test.each([true, false])('stops within a second when its caller leaves (stream: %s)', async (stream) => {
    const { name, id } = await deploy(scripted('hang'))
    const word = `left-${stream}`
    const leaving = new AbortController()
    const call = server
      .client()
      .chat.completions.create({ ...say(name, word), stream }, { signal: leaving.signal })
      .then(async (answer) => {
        for await (const _ of answer as AsyncIterable<unknown>) if (stream) break
      })
    if (!stream) {
      for (let tries = 0; tries < 200 && (await runsOf(id)).length === 0; tries += 1) await new Promise(setImmediate)
      setTimeout(() => leaving.abort(), 50)
    }
    await call.catch(() => undefined)
    leaving.abort()
    const left = Date.now()
    let status: string | undefined
    do {
      await new Promise((resolve) => setTimeout(resolve, 20))
      status = (await runsOf(id))[0]?.status
    } while (status !== 'cancelled' && Date.now() - left < 5_000)
    expect(status).toBe('cancelled')
    expect(Date.now() - left).toBeLessThan(1_500)
    expect(stopped).toContain(word)
    stopped = []
  })

  test('serves a rolled back version at once, and cannot lose its pipeline', async () => {
    const { name, id } = await deploy(scripted('speak'))
    const pipeline = await app.answer<{ revision: number }>('GET', `/api/pipelines/${id}`)
    const document = echo('text')
    const headers = { 'if-match': String(pipeline.revision) }
    expect((await app.ask('PUT', `/api/pipelines/${id}`, { body: { document }, headers })).status).toBe(200)
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    const target = { kind: 'pipeline', pipeline: id, version: 'latest', input: 'question', output: 'answer' }
    await app.ask('POST', '/api/deployments', { body: { name, target } })
    const text = async () =>
      (await server.client().chat.completions.create(say(name, 'three'))).choices[0]?.message.content
    expect(await text()).toBe('three')
    await app.ask('POST', `/api/deployments/${name}/live`, { body: { revision: 1 } })
    expect(await text()).toBe('one two three')
    expect((await app.ask('DELETE', `/api/pipelines/${id}`)).status).toBe(409)
    expect((await app.ask('DELETE', `/api/deployments/${name}`)).status).toBe(204)
    expect((await refused(server.client().chat.completions.create(say(name, 'x')))).status).toBe(404)
    expect((await app.ask('DELETE', `/api/pipelines/${id}`)).status).toBe(204)
  })
})

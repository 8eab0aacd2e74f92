import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createWorkerApp } from '#runtime/worker/app.ts'
import type { Engine } from '#runtime/worker/engines/engine.ts'
import { readExternal } from '#runtime/worker/engines/external/address.ts'
import { createExternalEngine } from '#runtime/worker/engines/external/engine.ts'
import { openSmallServer, type SmallServer } from '#tests/support/openai-server.ts'

/** As vLLM sends them: names, spaces and a field that no client knows. */
const chunks = [
  '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"qwen","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null}',
  '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"qwen","choices":[{"index":0,"delta":{"content":"안녕"},"logprobs":null,"finish_reason":null,"token_ids":null}]}',
  '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"qwen","choices":[{"index":0,"delta":{"content":" hello"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}',
  '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"qwen","choices":[],"usage":{"prompt_tokens":9,"total_tokens":11,"completion_tokens":2}}',
]
const recorded = `${[...chunks, '[DONE]'].map((data) => `data: ${data}`).join('\n\n')}\n\n`
const stream = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
const metrics = `vllm:num_requests_running{engine="0",model_name="qwen"} 3.0
vllm:num_requests_waiting{engine="0",model_name="qwen"} 2.0
vllm:kv_cache_usage_perc{engine="0",model_name="qwen"} 0.75`

const token = 'a-token-of-the-worker'
let server: SmallServer
let engine: Engine
let worker: ReturnType<typeof createAdaptorServer>
let client: OpenAI
let url = ''
const open = () =>
  createExternalEngine({
    address: readExternal(`${server.url},key=KEY`, { KEY: 'sk-theirs' }),
    log: () => undefined,
    every: 50,
  })

beforeEach(async () => {
  server = await openSmallServer()
  server.on('/v1/models', '{"object":"list","data":[{"id":"qwen","object":"model","max_model_len":4096}]}')
  server.on('/metrics', metrics)
  server.on('/v1/chat/completions', (_, response) => void stream(response).end(recorded))
  engine = open()
  worker = createAdaptorServer({ fetch: createWorkerApp({ engine, token, log: () => undefined }).fetch })
  await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(worker.address() as AddressInfo).port}`
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 })
})
afterEach(async () => {
  await engine.stop()
  await server.close()
  await new Promise<void>((resolve) => {
    worker.close(() => resolve())
    if ('closeAllConnections' in worker) worker.closeAllConnections()
  })
})
const call = (body: string, signal?: AbortSignal) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
    ...(signal && { signal }),
  })
const chats = () => server.received.filter(({ path }) => path === '/v1/chat/completions')
const question = { model: 'qwen', messages: [{ role: 'user' as const, content: 'hi' }] }

describe('a call to a model behind another server', () => {
  test('goes there and comes back byte for byte, with the key of that server', async () => {
    const body =
      '{"model":"qwen", "stream":true,"tools":[{"type":"function"}],"messages":[{"role":"user","content":"안녕"}],"n":2}'
    expect(await (await call(body)).text()).toBe(recorded)
    expect(chats()[0]).toMatchObject({ body, authorization: 'Bearer sk-theirs' })
  })

  test('works with the client of OpenAI, streamed and not', async () => {
    let text = ''
    for await (const chunk of await client.chat.completions.create({ ...question, stream: true }))
      text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe('안녕 hello')
    server.on(
      '/v1/embeddings',
      '{"object":"list","model":"qwen","data":[{"object":"embedding","index":0,"embedding":[0.5,1]}]}',
    )
    const made = await client.embeddings.create({ model: 'qwen', input: [1, 2], encoding_format: 'float' })
    expect(made.data[0]?.embedding).toEqual([0.5, 1])
  })

  test('reads as pieces and vectors inside the worker', async () => {
    const pieces = []
    const generation = { model: 'qwen', messages: question.messages, temperature: 0, stop: ['\n'], maxTokens: 5 }
    for await (const piece of engine.generate(generation, AbortSignal.timeout(5_000))) pieces.push(piece)
    expect(pieces).toEqual([
      { type: 'text', text: '안녕' },
      { type: 'text', text: ' hello' },
      { type: 'end', finish: 'stop', usage: { inputTokens: 9, outputTokens: 2 } },
    ])
    expect(JSON.parse(chats().at(-1)?.body ?? '')).toMatchObject({
      stop: ['\n'],
      max_tokens: 5,
      temperature: 0,
    })
    server.on(
      '/v1/embeddings',
      '{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":4}}',
    )
    const made = await engine.embed({ model: 'qwen', input: ['a', 'b'] }, AbortSignal.timeout(5_000))
    expect(made).toEqual({ vectors: [Float32Array.of(1), Float32Array.of(2)], inputTokens: 4 })
  })

  test('keeps the status and the body of a refusal', async () => {
    const refusal = '{"object":"error","message":"too long","code":400}'
    server.on(
      '/v1/chat/completions',
      (_, response) => void response.writeHead(400, { 'content-type': 'application/json' }).end(refusal),
    )
    const answer = await call(JSON.stringify(question))
    expect([answer.status, await answer.text()]).toEqual([400, refusal])
  })

  test('says so when that server refuses the key, instead of blaming the caller', async () => {
    server.on('/v1/chat/completions', (_, response) => void response.writeHead(401).end('{}'))
    await expect(client.chat.completions.create(question)).rejects.toMatchObject({
      status: 503,
      code: 'engine_unreachable',
    })
  })

  test('that breaks off in the middle ends with an error, never as if it were whole', async () => {
    server.on('/v1/chat/completions', (_, response) => {
      stream(response).write(`data: ${chunks[1]}\n\n`, () => response.destroy())
    })
    const broken = await call(JSON.stringify({ ...question, stream: true }))
    const text = await broken.text()
    expect(text).toContain('안녕')
    expect(text).toContain('"code":"engine_crashed"')
    expect(text).not.toContain('[DONE]')
    const read = async () => {
      for await (const _ of await client.chat.completions.create({ ...question, stream: true }));
    }
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError)
  })

  test('that the caller leaves is broken off there too, within a second', async () => {
    server.on('/v1/chat/completions', (_, response) => void stream(response).write(`data: ${chunks[1]}\n\n`))
    const leave = new AbortController()
    const answer = await call(JSON.stringify({ ...question, stream: true }), leave.signal)
    await answer.body?.getReader().read()
    const before = server.brokenOff()
    leave.abort()
    await vi.waitFor(() => expect(server.brokenOff()).toBe(before + 1), 1_000)
    // Before the first byte as well.
    server.on('/v1/chat/completions', () => undefined)
    const early = new AbortController()
    const waiting = call(JSON.stringify(question), early.signal).catch(() => 'gone')
    await vi.waitFor(() => expect(chats()).toHaveLength(2), 10_000)
    early.abort()
    expect(await waiting).toBe('gone')
    await vi.waitFor(() => expect(server.brokenOff()).toBe(before + 2), 1_000)
  })
})

describe('the state of another server', () => {
  test('is what its metrics say', async () => {
    expect(await engine.models()).toEqual([{ id: 'qwen', state: 'ready', running: 3, waiting: 2, context: 4096 }])
    expect(engine.kvUse()).toBe(0.75)
    const health = await fetch(`${url}/health`, { headers: { authorization: `Bearer ${token}` } })
    expect(await health.json()).toMatchObject({ running: 3, waiting: 2, capacity: 64, kvUse: 0.75 })
  })

  test('is what goes through here, where it has no metrics', async () => {
    server.on('/metrics', (_, response) => void response.writeHead(404).end())
    server.on('/v1/chat/completions', (_, response) => void stream(response).write(`data: ${chunks[1]}\n\n`))
    await vi.waitFor(async () => expect(await engine.models()).toMatchObject([{ running: 0, waiting: 0 }]), 10_000)
    const leave = new AbortController()
    const answers = [1, 2].map(() => call(JSON.stringify({ ...question, stream: true }), leave.signal))
    await Promise.all(answers)
    expect(await engine.models()).toMatchObject([{ running: 2, waiting: 0 }])
    leave.abort()
    await vi.waitFor(async () => expect(await engine.models()).toMatchObject([{ running: 0 }]), 10_000)
  })

  test('is failed with a reason while it is down, and ready again by itself', async () => {
    await engine.models()
    const { port } = new URL(server.url)
    await server.close()
    await vi.waitFor(async () => expect(await engine.models()).toMatchObject([{ state: 'failed' }]), 10_000)
    expect((await engine.models())[0]?.reason).toContain('ECONNREFUSED')
    await expect(client.chat.completions.create(question)).rejects.toMatchObject({
      status: 503,
      code: 'engine_unreachable',
    })
    server = await openSmallServer(Number(port))
    server.on('/v1/models', '{"object":"list","data":[{"id":"qwen"}]}')
    await vi.waitFor(async () => expect(await engine.models()).toMatchObject([{ state: 'ready' }]), 10_000)
  })

  test('is failed when it lists no models or wants another key', async () => {
    await engine.models()
    server.on('/v1/models', '{"models":[]}')
    await vi.waitFor(async () => expect((await engine.models())[0]?.reason).toContain('Is the address right?'), 10_000)
    server.on('/v1/models', (_, response) => void response.writeHead(401).end())
    await vi.waitFor(async () => expect((await engine.models())[0]?.reason).toContain('refuses the key'), 10_000)
  })
})

describe('the address of another server', () => {
  test('is read with its options', () => {
    expect(readExternal('http://10.0.0.5:8000', {}).url.href).toBe('http://10.0.0.5:8000/v1')
    const full = readExternal('https://a.example/llm/v1,key=K,metrics=http://a:9/m,capacity=8', { K: 'secret' })
    expect([full.url.href, full.metrics.href, full.key, full.capacity]).toEqual([
      ...['https://a.example/llm/v1', 'http://a:9/m', 'secret'],
      8,
    ])
  })
  test('is refused with what is wrong', () => {
    expect(() => readExternal('localhost:8000', {})).toThrow('not an http address')
    expect(() => readExternal('http://a,key=NONE', {})).toThrow('NONE, which is not set')
    expect(() => readExternal('http://a,token=x', {})).toThrow('token')
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listModels } from './models.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})
const serve = async (body?: string) => {
  server = createServer((_, response) => {
    if (body) response.end(body)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const local = async () => [{ id: 'local:tiny', title: 'tiny', ready: true }]
const nobody = async () => false
const closed = 'http://127.0.0.1:1'

test('local models come first, and are there without a key and without Ollama', async () => {
  const models = await listModels({ local, hasSecret: nobody, ollama: closed })
  expect(models[0]).toEqual({ id: 'local:tiny', title: 'tiny', ready: true })
  expect(models.filter((model) => model.ready)).toHaveLength(1)
})

test('what workers elsewhere serve is listed once', async () => {
  const served = () => ['local:tiny', 'local:qwen3', 'tuned:router@1']
  const models = await listModels({
    local,
    served,
    tuned: async () => ['tuned:router@1'],
    hasSecret: nobody,
    ollama: closed,
  })
  expect(models.filter(({ ready }) => ready).map(({ id }) => id)).toEqual([
    'local:tiny',
    'local:qwen3',
    'tuned:router@1',
  ])
})

test('a hosted model is ready where its secret is, and says what is missing where not', async () => {
  const models = await listModels({ local, hasSecret: async (name) => name === 'anthropic', ollama: closed })
  const of = (provider: string) => models.filter((model) => model.id.startsWith(`${provider}:`))
  expect(of('anthropic').length).toBeGreaterThan(1)
  expect(of('anthropic').every((model) => model.ready && model.reason === undefined)).toBe(true)
  expect(of('openai').every((model) => !model.ready && model.reason?.includes('"openai"'))).toBe(true)
})

test('what Ollama has is listed when it runs', async () => {
  const ollama = await serve(JSON.stringify({ models: [{ name: 'qwen3:4b', size: 1 }, { name: 'gemma4:latest' }] }))
  const models = await listModels({ local, hasSecret: nobody, ollama })
  expect(models.filter((model) => model.ready).map((model) => model.id)).toEqual([
    'local:tiny',
    'ollama:qwen3:4b',
    'ollama:gemma4:latest',
  ])
})

test('something else on its port, or something that hangs, holds nobody up', async () => {
  expect(await listModels({ local, hasSecret: nobody, ollama: await serve('<html>') })).toHaveLength(11)
  const started = performance.now()
  await listModels({ local, hasSecret: nobody, ollama: await serve() })
  expect(performance.now() - started).toBeLessThan(1_500)
})

import { expect, it, onTestFinished, vi } from 'vitest'
import { createWorkerApp } from '#runtime/worker/app.ts'
import type { Engine } from '#runtime/worker/engines/engine.ts'
import { createLlamaEngine } from '#runtime/worker/engines/llama/engine.ts'
import { startRelay } from '#runtime/worker/relay.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { startScriptedServer } from '#tests/support/scripted-server.ts'

const bounded = { timeout: 20_000, interval: 20 }
const token = 'an engine token of some length'
/** A relay in front of the real engine, or of one that a test brings. */
const withRelay = async (engine: Engine = createLlamaEngine({ log: () => undefined }), most = 64) => {
  const server = await startScriptedServer()
  const app = createWorkerApp({ engine, token, log: () => undefined })
  const client = createServerClient(server.url, server.token())
  const relay = startRelay({ server: client, fetch: app.fetch, token, most, log: () => undefined })
  onTestFinished(async () => {
    relay.stop()
    await engine.stop()
    await server.stop()
  })
  return { server, relay }
}
const chat = (content: string, more = {}) => ({
  path: '/chat/completions',
  body: { model: 'tiny', temperature: 0, messages: [{ role: 'user', content }], ...more },
})

it('answers calls that it fetched, whole or as a stream, with their status', async () => {
  const { server } = await withRelay()
  server.calls.push({ call: 'whole', ...chat('Repeat this text: bako') })
  server.calls.push({ call: 'stream', ...chat('Repeat this text: bako', { stream: true }) })
  server.calls.push({ call: 'wrong', path: '/chat/completions', body: '{"model":"none","messages":[]}' })
  server.calls.push({ call: 'elsewhere', path: '/../health', body: {} })
  await vi.waitFor(() => expect(server.answers.size).toBe(4), bounded)
  await vi.waitFor(() => expect(server.answers.get('stream')?.text).toContain('[DONE]'), bounded)
  await vi.waitFor(() => expect(server.answers.get('whole')?.text).toContain('chat.completion'), bounded)
  expect(JSON.parse(server.answers.get('whole')?.text ?? '').choices[0].message.content).toContain('bako')
  expect(server.answers.get('whole')?.status).toBe(200)
  expect(server.answers.get('wrong')).toMatchObject({ status: 400 })
  expect(server.answers.get('elsewhere')).toMatchObject({ status: 404 })
})
it('stops a call within a second when its caller leaves before the answer has begun, also with all places taken', async () => {
  const states = new Map<string, string>()
  const silent: Engine = {
    async *generate({ messages }, signal) {
      const name = messages[0]?.content ?? ''
      states.set(name, 'reading')
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      states.set(name, 'aborted')
    },
    embed: () => Promise.reject(new Error('no embeddings')),
    models: async () => [],
    capacity: () => 1,
    kvUse: () => undefined,
    stop: async () => undefined,
  }
  const { server } = await withRelay(silent, 2)
  for (const call of ['a', 'b', 'c']) server.calls.push({ call, ...chat(call) })
  await vi.waitFor(
    () =>
      expect([...states]).toEqual([
        ['a', 'reading'],
        ['b', 'reading'],
      ]),
    bounded,
  )
  server.control.gone.push('a')
  await vi.waitFor(() => expect(states.get('a')).toBe('aborted'), { timeout: 1_000, interval: 10 })
  await vi.waitFor(() => expect(states.get('c')).toBe('reading'), bounded)
  expect(states.get('b')).toBe('reading')
  expect(server.answers.has('a')).toBe(false)
})
it('stops generating within a second when the server closes the answer, for its client is gone', async () => {
  let state = 'idle'
  /** Generates until it is aborted. */
  const endless: Engine = {
    async *generate(_, signal) {
      state = 'generating'
      while (!signal.aborted) {
        yield { type: 'text', text: 'more ' }
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      state = 'aborted'
    },
    embed: () => Promise.reject(new Error('no embeddings')),
    models: async () => [],
    capacity: () => 1,
    kvUse: () => undefined,
    stop: async () => undefined,
  }
  const { server } = await withRelay(endless)
  server.control.closeAnswers = true
  server.calls.push({ call: 'gone', ...chat('Go on', { stream: true }) })
  await vi.waitFor(() => expect(server.answers.get('gone')?.aborted).toBe(true), bounded)
  await vi.waitFor(() => expect(state).toBe('aborted'), { timeout: 1_000, interval: 10 })
})
it('fetches nothing more once it drains, and lets what runs end', async () => {
  const { server, relay } = await withRelay()
  server.calls.push({ call: 'last', ...chat('Repeat this text: bako', { stream: true }) })
  await vi.waitFor(() => expect(server.answers.has('last')).toBe(true), bounded)
  await relay.drain()
  expect(server.answers.get('last')?.text).toContain('[DONE]')
  await vi.waitFor(() => expect(server.fetching()).toBe(0), bounded)
  server.calls.push({ call: 'later', ...chat('Repeat this text: bako') })
  relay.resume()
  await vi.waitFor(() => expect(server.answers.has('later')).toBe(true), bounded)
})

import { readFile } from 'node:fs/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { DesiredModel } from '#runtime/dispatch/protocol.ts'
import { tinyFile } from '#runtime/worker/models.ts'
import type { Health } from '#runtime/worker/protocol.ts'
import { isRunning, processesIn } from '#tests/support/process-life.ts'
import { startScriptedServer } from '#tests/support/scripted-server.ts'
import { runWorker, temporaryFolder } from '#tests/support/worker-process.ts'

const bounded = { timeout: 30_000, interval: 50 }
const id = 'tuned:copy@1'
const place = `/models/${encodeURIComponent(id)}`

/** A worker process that is connected, and calls of it as its server makes them. */
const withWorker = async () => {
  const server = await startScriptedServer()
  onTestFinished(server.stop)
  const data = await temporaryFolder()
  const worker = runWorker(['--server', server.url, '--token', 'one-time-token-1', '--data', data])
  await vi.waitFor(() => expect(server.offers, worker.log()).toHaveLength(1), bounded)
  const { url = '', engineToken = '' } = server.offers[0] ?? {}
  const call = (method: string, path: string, body?: unknown, token = engineToken) =>
    fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const modelIn = async () =>
    ((await (await call('GET', '/health')).json()) as Health).models.find((model) => model.id === id)
  const chat = () => {
    const messages = [{ role: 'user', content: 'Repeat this text: bako zan' }]
    return call('POST', '/v1/chat/completions', { model: id, messages, temperature: 0 })
  }
  const desired = (bytes: Uint8Array): DesiredModel => {
    const { sha256, bytes: length } = server.keep(bytes)
    return { id, base: 'local:tiny', form: 'whole', files: [{ name: 'model.gguf', sha256, bytes: length }] }
  }
  return { worker, call, modelIn, chat, desired }
}

it('fetches the model of a PUT, serves it, and is rid of it and of its process after a DELETE', {
  timeout: 90_000,
}, async () => {
  const { worker, call, modelIn, chat, desired } = await withWorker()
  const wanted = desired(await readFile(tinyFile))
  expect((await chat()).status).toBe(404)
  expect((await call('PUT', place, wanted)).status).toBe(202)
  await vi.waitFor(async () => expect(await modelIn(), worker.log()).toMatchObject({ state: 'unloaded' }), bounded)
  expect(await (await chat()).json()).toMatchObject({ choices: [{ message: { content: 'bako zan' } }] })
  expect(await modelIn()).toMatchObject({ state: 'ready', running: 0 })
  const engine = processesIn(worker.log()).at(-1) ?? -1
  expect(isRunning(engine)).toBe(true)

  expect((await call('DELETE', place)).status).toBe(202)
  await vi.waitFor(async () => expect(await modelIn()).toBeUndefined(), bounded)
  expect((await chat()).status).toBe(404)
  await vi.waitFor(() => expect(isRunning(engine)).toBe(false), bounded)
})

it('refuses a PUT of a stranger, of another id than the address, and of what is no desired model', async () => {
  const { call, modelIn, desired } = await withWorker()
  const wanted = desired(await readFile(tinyFile))
  expect((await call('PUT', place, wanted, 'wrong')).status).toBe(401)
  const other = await call('PUT', '/models/another', wanted)
  expect([other.status, await other.json()]).toMatchObject([400, { error: { code: 'invalid_body', param: 'id' } }])
  const { files: _, ...incomplete } = wanted
  const shape = await call('PUT', place, incomplete)
  expect([shape.status, await shape.json()]).toMatchObject([400, { error: { param: 'files' } }])
  expect(await modelIn()).toBeUndefined()
})

it('logs why the model of a PUT cannot be served, and goes on', async () => {
  const { worker, call, modelIn, desired } = await withWorker()
  expect((await call('PUT', place, desired(Buffer.from('no model')))).status).toBe(202)
  await vi.waitFor(() => expect(worker.log()).toContain('a model cannot be served'), bounded)
  expect(await modelIn()).toBeUndefined()
  expect((await call('GET', '/health')).status).toBe(200)
})

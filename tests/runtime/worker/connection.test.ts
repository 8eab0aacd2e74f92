import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createWorkerApp } from '#runtime/worker/app.ts'
import { connect } from '#runtime/worker/connection.ts'
import { createLlamaEngine } from '#runtime/worker/engines/llama/engine.ts'
import type { JobExecutor } from '#runtime/worker/jobs/executor.ts'
import { createModelStore } from '#runtime/worker/model-store.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { startScriptedServer } from '#tests/support/scripted-server.ts'

const bounded = { timeout: 10_000, interval: 10 }
const engineToken = 'an engine token of some length'

/** A worker that cannot be reached, in this process, with heartbeats every 50 ms. */
const withConnection = async (
  does: JobExecutor['run'] | readonly JobExecutor[] = async () => ({ outputs: {}, summary: {} }),
) => {
  const server = await startScriptedServer()
  const data = await mkdtemp(join(tmpdir(), 'patchbay-connection-'))
  const log = () => undefined
  const client = createServerClient(server.url, server.token())
  const engine = createLlamaEngine({ log })
  const drains: boolean[] = []
  const connection = connect({
    server: client,
    name: 'box',
    version: '1',
    engine,
    engines: [{ kind: 'llama' }],
    models: createModelStore({ folder: join(data, 'models-cache'), server: client, engine, log }),
    executors: typeof does === 'function' ? [{ kind: 'test', run: does }] : does,
    engineToken,
    fetch: createWorkerApp({ engine, token: engineToken, log }).fetch,
    data,
    slots: 1,
    log,
    onDrain: (drain) => drains.push(drain),
    timing: { beats: 50, wait: 1, backoff: { first: 10, most: 50 } },
  })
  onTestFinished(async () => {
    await connection.drain()
    await connection.stop()
    await engine.stop()
    await server.stop()
    await rm(data, { recursive: true, force: true })
  })
  return { server, connection, drains }
}

it('offers what it has at every connection, also after the server was gone', async () => {
  const { server } = await withConnection()
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(2), bounded)
  expect(server.offers).toHaveLength(1)
  expect(server.offers[0]).toMatchObject({ name: 'box', capabilities: ['chat', 'embeddings', 'adapters', 'test'] })
  expect(server.offers[0]?.url).toBeUndefined()
  expect(server.offers[0]?.devices[0]).toMatchObject({ kind: 'cpu' })
  server.control.refuse = true
  const before = server.beats.length
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(server.beats.length).toBeLessThanOrEqual(before + 1)
  server.control.refuse = false
  await vi.waitFor(() => expect(server.offers).toHaveLength(2), bounded)
})
it('offers another kind of jobs when it can do them later, and gets them', async () => {
  const { server, connection } = await withConnection()
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(0), bounded)
  connection.add({ kind: 'later', run: async () => ({ outputs: {}, summary: {} }) })
  await vi.waitFor(() => expect(server.offers.at(-1)?.capabilities).toContain('later'), bounded)
  expect(server.offers).toHaveLength(2)
  const job = server.enqueue({ job: 'a', kind: 'later' })
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
})
it('gets jobs when its first executor comes later', async () => {
  const { server, connection } = await withConnection([])
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(0), bounded)
  const job = server.enqueue({ job: 'a', kind: 'test' })
  connection.add({ kind: 'test', run: async () => ({ outputs: {}, summary: {} }) })
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
})
it('drains when the server says so, giving back its jobs, and works again when it is taken back', async () => {
  let attempts = 0
  const { server, drains } = await withConnection((_, __, signal) => {
    if (++attempts > 1) return Promise.resolve({ outputs: {}, summary: {} })
    return new Promise((_resolve, reject) => {
      // A job is listed before it runs, so the drain may have come first.
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  })
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(server.beats.at(-1)?.jobs).toEqual(['a']), bounded)
  server.control.reply = { drain: true, models: [] }
  await vi.waitFor(() => expect(job.ends).toEqual([{ attempt: 1, status: 'released' }]), bounded)
  await vi.waitFor(() => expect(server.beats.at(-1)).toMatchObject({ state: 'draining', jobs: [] }), bounded)
  expect(job).toMatchObject({ state: 'queued', attempt: 1 })
  server.control.reply = { drain: false, models: [] }
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
  await vi.waitFor(() => expect(server.beats.at(-1)?.state).toBe('ready'), bounded)
  expect(drains).toEqual([true, false])
})
it('tells in its beats why a model that is wanted cannot be served', async () => {
  const { server } = await withConnection()
  const { sha256, bytes } = server.keep('no model')
  const files = [{ name: 'model.gguf', sha256, bytes }]
  server.control.reply = { drain: false, models: [{ id: 'tuned:no@1', base: 'local:tiny', form: 'whole', files }] }
  await vi.waitFor(
    () =>
      expect(server.beats.at(-1)?.models).toContainEqual(
        expect.objectContaining({ id: 'tuned:no@1', state: 'failed', reason: expect.stringContaining('GGUF') }),
      ),
    bounded,
  )
})

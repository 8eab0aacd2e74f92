import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createWorkerApp } from '#runtime/worker/app.ts'
import type { Engine } from '#runtime/worker/engines/engine.ts'
import { createPythonEngine } from '#runtime/worker/engines/python/engine.ts'
import { makeAdapter } from '#tests/support/make-adapter.ts'
import { isRunning } from '#tests/support/process-life.ts'
import { findTrainerPython } from '#tests/support/trainer-python.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const base = join(root, 'runtime/worker/models/tiny')
const found = findTrainerPython(root)
const token = 'a-token-of-the-worker'
const adapted = 'tuned:other@1'
/** PyTorch takes its time to be imported where other tests run too. */
const patience = 120_000

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

if ('missing' in found)
  test("PYTHON'S INFERENCE SERVER WAS NOT TESTED: the trainer has no Python here", () => {
    console.warn(`PYTHON'S INFERENCE SERVER WAS NOT TESTED: ${found.missing}. Run npm run trainer:setup once.`)
    expect(found.missing).not.toBe('')
  })
else
  describe('a model in transformers form, through Python', { timeout: 2 * patience }, () => {
    let folder = ''
    let engine: Engine
    let worker: ReturnType<typeof createAdaptorServer>
    let client: OpenAI
    const pids: number[] = []
    const lastPid = () => pids.at(-1) ?? -1

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'patchbay-python-'))
      await makeAdapter(found.python, base, folder)
      engine = createPythonEngine({
        python: found.python,
        models: [{ id: 'mine', folder: base, adapters: { [adapted]: folder } }],
        log: (_, message, { pid } = {}) => void (message === 'model loaded' && pids.push(Number(pid))),
      })
      worker = createAdaptorServer({ fetch: createWorkerApp({ engine, token, log: () => undefined }).fetch })
      await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve))
      const { port } = worker.address() as AddressInfo
      client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: token, maxRetries: 0, timeout: patience })
    }, patience)
    afterAll(async () => {
      await engine.stop()
      await new Promise<void>((resolve) => worker.close(() => resolve()))
      await rm(folder, { recursive: true, force: true })
    })

    const repeat = (model: string, content = 'Repeat this text: bako zan') => ({
      model,
      messages: [{ role: 'user' as const, content }],
      temperature: 0,
      max_tokens: 24,
    })
    const answer = async (model: string, content?: string) =>
      (await client.chat.completions.create(repeat(model, content))).choices[0]?.message.content
    /** Nothing that the model learned: an adapter of random weights changes what it answers. */
    const odd = 'Go on, and on'

    test('starts with the first call and answers as the base and as the adapter', async () => {
      expect(pids).toEqual([])
      const [plain, ofBase, tuned] = await Promise.all([answer('mine'), answer('mine', odd), answer(adapted, odd)])
      expect(plain).toBe('bako zan')
      expect(tuned).not.toBe(ofBase)
      expect(pids).toHaveLength(1)
    })

    test('streams, and tells the usage last', async () => {
      const stream = await client.chat.completions.create({
        ...repeat('mine'),
        stream: true,
        stream_options: { include_usage: true },
      })
      const chunks = await collect(stream)
      expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('bako zan')
      expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBeGreaterThan(1)
      expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: expect.any(Number) })
      expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(1)
    })

    test('gives the pieces of a pipeline run', async () => {
      const generation = { model: 'mine', messages: repeat('mine').messages, temperature: 0, stop: ['zan'] }
      const pieces = await collect(engine.generate(generation, AbortSignal.timeout(patience)))
      expect(pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('')).toBe('bako ')
      expect(pieces.at(-1)).toMatchObject({ type: 'end', finish: 'stop' })
    })

    test('embeds', async () => {
      const { data } = await client.embeddings.create({ model: 'mine', input: ['one', 'two'] })
      expect(data.map(({ embedding }) => Math.hypot(...embedding))).toEqual([
        expect.closeTo(1, 4),
        expect.closeTo(1, 4),
      ])
      expect(data[0]?.embedding).not.toEqual(data[1]?.embedding)
    })

    test('lists its models and knows no other', async () => {
      await expect(answer('none')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
      expect((await client.models.list()).data.map(({ id }) => id).toSorted()).toEqual(['mine', adapted])
    })

    test('comes back by itself after kill -9, and ends with the engine', async () => {
      const first = lastPid()
      process.kill(first, 'SIGKILL')
      await vi.waitFor(() => expect(pids).toHaveLength(2), { timeout: patience, interval: 100 })
      expect(lastPid()).not.toBe(first)
      expect(await answer('mine')).toBe('bako zan')
      expect(isRunning(lastPid())).toBe(true)
      await engine.stop()
      expect(isRunning(lastPid())).toBe(false)
    })
  })

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Engine } from '#runtime/worker/engines/engine.ts'
import { sizeFor } from '#runtime/worker/engines/llama/size.ts'
import { superviseModel } from '#runtime/worker/engines/llama/supervisor.ts'
import { createPythonEngine } from '#runtime/worker/engines/python/engine.ts'

const log = () => undefined
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-failed-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})
const pass = (ms: number) => {
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms)
}
const fails = async (call: (signal: AbortSignal) => Promise<unknown>) =>
  expect(call(AbortSignal.timeout(20_000))).rejects.toMatchObject({ code: 'model_unusable' })

it('a GGUF model that could not be loaded is told as failed, and a minute later as one to try again', async () => {
  const file = join(folder, 'broken.gguf')
  await writeFile(file, 'no GGUF')
  const model = superviseModel({ child: { file, size: sizeFor(7) }, limits: { waiting: 1, patience: 20_000 }, log })
  const call = (signal: AbortSignal) =>
    model
      .run({ type: 'embed', input: ['a'] }, signal)
      [Symbol.asyncIterator]()
      .next()
  await fails(call)
  expect(model.status()).toMatchObject({ state: 'failed' })
  pass(61_000)
  expect(model.status()).toEqual({ state: 'unloaded', running: 0, waiting: 0 })
  await fails(call)
  expect(model.status()).toMatchObject({ state: 'failed', reason: expect.stringContaining('could not be loaded') })
  await model.stop()
})

it('so is a model behind Python', async () => {
  const engine: Engine = createPythonEngine({ python: 'false', models: [{ id: 'mine', folder }], log })
  const call = (signal: AbortSignal) => engine.embed({ model: 'mine', input: ['a'] }, signal)
  await fails(call)
  expect(await engine.models()).toMatchObject([{ id: 'mine', state: 'failed' }])
  pass(61_000)
  expect(await engine.models()).toEqual([{ id: 'mine', state: 'unloaded', running: 0, waiting: 0, capacity: 1 }])
  await fails(call)
  expect(await engine.models()).toMatchObject([{ id: 'mine', state: 'failed' }])
  await engine.stop()
})

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { DesiredModel } from '#runtime/dispatch/protocol.ts'
import { createLlamaEngine } from '#runtime/worker/engines/llama/engine.ts'
import { createModelStore } from '#runtime/worker/model-store.ts'
import { tinyFile } from '#runtime/worker/models.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { type ScriptedServer, startScriptedServer } from '#tests/support/scripted-server.ts'

const bounded = { timeout: 15_000, interval: 10 }
/** The real llama engine behind a store. */
const withStore = async (disk?: number, grace = 0) => {
  const server = await startScriptedServer()
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-store-'))
  const engine = createLlamaEngine({ log: () => undefined })
  const store = createModelStore({
    folder,
    server: createServerClient(server.url, server.token()),
    engine,
    log: () => undefined,
    grace,
    ...(disk !== undefined && { disk }),
  })
  onTestFinished(async () => {
    await store.stop()
    await engine.stop()
    await server.stop()
    await rm(folder, { recursive: true })
  })
  /** In no order: models that share a file are added as their checks end. */
  const ids = async () => (await engine.models()).map(({ id }) => id).toSorted()
  return { server, folder, engine, store, ids }
}
const whole = (server: ScriptedServer, id: string, bytes: Uint8Array, name = 'model.gguf'): DesiredModel => {
  const { sha256, bytes: length } = server.keep(bytes)
  return { id, base: 'local:tiny', form: 'whole', files: [{ name, sha256, bytes: length }] }
}

it('goes on with a download that was cut, from where it was cut, and the model answers', async () => {
  const { server, engine, store } = await withStore()
  const gguf = await readFile(tinyFile)
  server.control.cuts = [1_000_000, 500_000]
  await store.ensure(whole(server, 'tuned:copy@1', gguf))
  const starts = server.ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0))
  expect(starts).toHaveLength(3)
  expect(starts[1]).toBeGreaterThan(0)
  expect(starts[2]).toBeGreaterThan(starts[1] ?? 0)
  const pieces = engine.generate(
    {
      model: 'tuned:copy@1',
      messages: [{ role: 'user', content: 'Repeat this text: bako' }],
      temperature: 0,
      stop: [],
    },
    AbortSignal.timeout(30_000),
  )
  let text = ''
  for await (const piece of pieces) if (piece.type === 'text') text += piece.text
  expect(text).toContain('bako')
})
it('removes bytes that are not what the digest says', async () => {
  const { server, folder, store, ids } = await withStore()
  const desired = whole(server, 'tuned:bad@1', Buffer.from('expected'))
  server.artifacts.set(desired.files[0]?.sha256 ?? '', Buffer.from('tampered'))
  await expect(store.ensure(desired)).rejects.toThrow('is not what was asked')
  expect(await readdir(folder)).toEqual([])
  expect(await ids()).not.toContain('tuned:bad@1')
  expect(store.states()).toMatchObject([{ id: 'tuned:bad@1', state: 'failed' }])
})
it('refuses a file whose header lies, and does not ask for a pickle at all', async () => {
  const { server, folder, store } = await withStore()
  await expect(store.ensure(whole(server, 'tuned:liar@1', Buffer.from('GGUF, so it says')))).rejects.toThrow('version')
  expect(await readdir(folder)).toEqual([])
  const asked = server.ranges.length
  await expect(store.ensure(whole(server, 'tuned:pickle@1', Buffer.from('x'), 'model.bin'))).rejects.toThrow('pickled')
  expect(server.ranges.length).toBe(asked)
})
it('serves what the server wants, drops what it wants no more, and keeps its files while there is room', async () => {
  const { server, folder, store, ids } = await withStore()
  const gguf = await readFile(tinyFile)
  const one = whole(server, 'tuned:one@1', gguf)
  store.want([one, { ...one, id: 'tuned:two@1' }])
  await vi.waitFor(async () => expect(await ids()).toEqual(['tiny', 'tuned:one@1', 'tuned:two@1']), bounded)
  expect(server.ranges).toHaveLength(1) // one file, fetched once
  store.want([one])
  await vi.waitFor(async () => expect(await ids()).toEqual(['tiny', 'tuned:one@1']), bounded)
  store.want([])
  await vi.waitFor(async () => expect(await ids()).toEqual(['tiny']), bounded)
  expect(await readdir(folder)).toEqual([one.files[0]?.sha256])
})
it('keeps a model that is called, though the list of this server does not name it', async () => {
  const { server, store, ids } = await withStore(undefined, 60_000)
  const now = vi.spyOn(performance, 'now')
  onTestFinished(() => now.mockRestore())
  const one = whole(server, 'tuned:one@1', await readFile(tinyFile))
  await store.ensure(one)
  const start = performance.now()
  now.mockImplementation(() => start + 61_000)
  store.used('tuned:one@1')
  store.used('unknown')
  now.mockImplementation(() => start + 120_000)
  store.want([])
  expect(await ids()).toContain('tuned:one@1')
  now.mockImplementation(() => start + 122_000)
  store.want([])
  await vi.waitFor(async () => expect(await ids()).toEqual(['tiny']), { timeout: 5_000, interval: 20 })
})
it('removes files that nobody wants, the least recently used first, when the disk is full', async () => {
  const gguf = await readFile(tinyFile)
  const { server, folder, store } = await withStore(gguf.length * 2 + 100)
  // Bytes after the last tensor make other files of the same model.
  const made = [1, 2, 3].map((n) => whole(server, `tuned:m@${n}`, Buffer.concat([gguf, Buffer.from([n])])))
  for (const desired of made.slice(0, 2)) await store.ensure(desired)
  await store.remove('tuned:m@1')
  await store.remove('tuned:m@2')
  await store.ensure(made[2] as DesiredModel)
  await vi.waitFor(
    async () =>
      expect((await readdir(folder)).toSorted()).toEqual(
        made
          .slice(1)
          .map(({ files }) => files[0]?.sha256)
          .toSorted(),
      ),
    bounded,
  )
})
it('answers no call from files of a model that was taken away while the call looked for them', async () => {
  const { server, engine, store } = await withStore()
  const gguf = await readFile(tinyFile)
  const model = whole(server, 'tuned:gone@1', gguf)
  await store.ensure(model)
  const messages = [{ role: 'user' as const, content: 'Repeat this text: bako' }]
  const call = engine.generate({ model: model.id, messages, temperature: 0, stop: [] }, AbortSignal.timeout(30_000))
  const first = call[Symbol.asyncIterator]().next()
  await engine.removeModel(model.id)
  await expect(first).rejects.toMatchObject({ code: 'model_not_found' })
  expect((await engine.models()).filter(({ state }) => state !== 'unloaded')).toEqual([])
})

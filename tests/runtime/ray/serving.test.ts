import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { deployModel, removeApplication, serveApplications, whenServing } from '#runtime/worker/ray/serve.ts'
import { makeAdapter } from '#tests/support/make-adapter.ts'
import { type RayHead, startRayHead } from '#tests/support/ray-head.ts'
import { findRayPython } from '#tests/support/ray-python.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
const found = findRayPython(root)
const python = 'python' in found ? found.python : ''

/** `npm test` says loudly when there is no Ray for this. */
describe.runIf(python)('a model on Ray Serve', { timeout: 420_000 }, () => {
  let ray: RayHead
  let adapter = ''
  beforeAll(async () => {
    adapter = await mkdtemp(join(tmpdir(), 'patchbay-adapter-'))
    ray = await startRayHead(python)
  }, 400_000)
  afterAll(async () => {
    await ray?.stop()
    await rm(adapter, { recursive: true, force: true })
  }, 60_000)
  /** What a person types, and what it prints. */
  const command = async (...args: string[]): Promise<unknown> => {
    const file = `${root}runtime/worker/ray/main.ts`
    return JSON.parse((await run(process.execPath, [file, ...args, '--ray', ray.url])).stdout)
  }

  it('answers as OpenAI does, whole and streamed, beside another, until it is taken down', async () => {
    const target = { url: ray.url }
    const listen = { host: '127.0.0.1', port: ray.servePort }
    const folder = `${root}runtime/worker/models/tiny`
    await deployModel(target, { name: 'first', model: 'tiny', folder, listen, cpus: 0.1 })
    await whenServing(target, 'first', AbortSignal.timeout(150_000))
    await makeAdapter(python, folder, adapter)
    const what = `${folder},name=other,adapter=tuned:other@1=${adapter}`
    const second = await command('serve', what, '--name', 'second', '--cpus', '0.1')
    expect(second).toEqual({ name: 'second', route: '/second/v1', models: ['other', 'tuned:other@1'] })
    expect(await command('list')).toMatchObject([
      { name: 'first', status: 'RUNNING' },
      { name: 'second', status: 'RUNNING' },
    ])

    const clientOf = (name: string) =>
      new OpenAI({ baseURL: `http://127.0.0.1:${ray.servePort}/${name}/v1`, apiKey: 'none', maxRetries: 0 })
    const client = clientOf('first')
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['tiny'])
    const messages = [{ role: 'user' as const, content: 'Repeat this text: bako zan' }]
    const asked = { model: 'tiny', messages, temperature: 0, max_tokens: 12 }
    const whole = await client.chat.completions.create(asked)
    const text = whole.choices[0]?.message.content ?? ''
    expect(text).toBe('bako zan')
    expect(whole.usage?.completion_tokens).toBeGreaterThan(0)
    // Nothing that the model learned: an adapter of random weights changes what it answers.
    const odd = [{ role: 'user' as const, content: 'Go on, and on' }]
    const ofSecond = async (model: string, said = odd) =>
      (await clientOf('second').chat.completions.create({ ...asked, messages: said, model })).choices[0]?.message
        .content
    const tuned = await ofSecond('tuned:other@1')
    expect(await ofSecond('other', messages)).toBe(text)
    expect(tuned).not.toBe(await ofSecond('other'))
    expect(await ofSecond('tuned:other@1')).toBe(tuned)
    let streamed = ''
    let usage = 0
    for await (const part of await client.chat.completions.create({
      ...asked,
      stream: true,
      stream_options: { include_usage: true },
    })) {
      streamed += part.choices[0]?.delta.content ?? ''
      usage = part.usage?.completion_tokens ?? usage
    }
    expect(streamed).toBe(text)
    expect(usage).toBe(whole.usage?.completion_tokens)
    await expect(client.chat.completions.create({ ...asked, model: 'none' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })

    expect(await command('remove', 'first')).toEqual({ name: 'first', removed: true })
    await vi.waitFor(
      async () => {
        const names = Object.keys(await serveApplications(target))
        expect(names).toEqual(['second'])
      },
      { timeout: 60_000, interval: 500 },
    )
    expect(await removeApplication(target, 'first')).toBe(false)
  })
})

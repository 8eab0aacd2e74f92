import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import OpenAI from 'openai'
import { describe, expect, test, vi } from 'vitest'
import { isAlive, withLocalWorker } from '#tests/support/local-worker.ts'

const under = withLocalWorker()

const client = async () => {
  const { url, token } = await under.worker().endpoint('local:tiny', AbortSignal.timeout(30_000))
  return new OpenAI({ baseURL: url, apiKey: token ?? '', maxRetries: 0 })
}
const endless = async () =>
  (await client()).chat.completions.create({
    model: 'tiny',
    temperature: 0,
    stream: true,
    messages: [{ role: 'user', content: 'numbers' }],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'numbers', schema: { type: 'array', items: { type: 'integer' }, minItems: 500 } },
    },
  })
const short = async () => {
  const answer = await (await client()).chat.completions.create({
    model: 'tiny',
    temperature: 0,
    messages: [{ role: 'user', content: 'Repeat this text: bako' }],
  })
  return answer.choices[0]?.message.content
}
/** Reads a stream to its end, killing `pid` after the first text. */
const readAndKill = async (pid: () => number) => {
  let killed = false
  const finishes: unknown[] = []
  for await (const chunk of await endless()) {
    finishes.push(chunk.choices[0]?.finish_reason)
    if (chunk.choices[0]?.delta.content && !killed) {
      killed = true
      process.kill(pid(), 'SIGKILL')
    }
  }
  return finishes
}

describe('a killed engine', () => {
  test('ends a running stream with an error, never cleanly, and is there again for the next call', async () => {
    expect(await short()).toBe('bako')
    const before = under.enginePid()
    const broken = readAndKill(under.enginePid)
    await expect(broken).rejects.toBeInstanceOf(OpenAI.APIError)
    await expect(broken).rejects.toMatchObject({ code: 'engine_crashed' })
    expect(await short()).toBe('bako')
    expect(under.enginePid()).not.toBe(before)
    expect(isAlive(before)).toBe(false)
  })

  test('ends a running call with an error that says to try again', async () => {
    await short()
    const answer = (await client()).chat.completions.create({
      model: 'tiny',
      messages: [{ role: 'user', content: 'numbers' }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'numbers', schema: { type: 'array', items: { type: 'integer' }, minItems: 500 } },
      },
    })
    setTimeout(() => process.kill(under.enginePid(), 'SIGKILL'), 300)
    await expect(answer).rejects.toMatchObject({ status: 503, code: 'engine_crashed' })
  })
})

describe('a killed worker', () => {
  test('breaks its streams, takes its engine with it, and is there again for the next call', async () => {
    await short()
    const worker = under.worker().pid() ?? -1
    const engine = under.enginePid()
    await expect(readAndKill(() => worker)).rejects.toThrow()
    await vi.waitFor(() => expect([isAlive(worker), isAlive(engine)]).toEqual([false, false]), 5_000)
    await vi.waitFor(async () => expect(await short()).toBe('bako'), { timeout: 10_000 })
    expect(under.worker().pid()).not.toBe(worker)
  })
})

describe('a killed parent', () => {
  test('leaves neither worker nor engine behind', async () => {
    const file = fileURLToPath(new URL('../../support/hold-worker.ts', import.meta.url))
    const parent = spawn(process.execPath, [file, under.folder()], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface({ input: parent.stdout }), 'line')
    const pids: { worker: number; engine: number } = JSON.parse(line)
    expect([isAlive(pids.worker), isAlive(pids.engine)]).toEqual([true, true])
    parent.kill('SIGKILL')
    await vi.waitFor(() => expect([isAlive(pids.worker), isAlive(pids.engine)]).toEqual([false, false]), 5_000)
  })
})

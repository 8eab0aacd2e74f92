import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import { createWorker } from '#runtime/store/workers.ts'
import { type Listening, listening } from '#tests/support/listening-app.ts'
import { adminToken, openApp, type TestApp } from '#tests/support/open-app.ts'
import { beat, offer } from '#tests/support/router-scene.ts'
import {
  breakOff,
  type ScriptedAnswer,
  startScriptedEngine,
  streamForEver,
  streamWords,
} from '#tests/support/scripted-engine.ts'

const database = await openDatabase({ memory: true })
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let app: TestApp
let server: Listening
beforeAll(async () => {
  app = await openApp(database)
  server = await listening(app)
})
afterAll(async () => {
  agent.destroy()
  server.stop()
  await app.stop()
})

/** A worker with the model `m`, for one test. */
const add = async (answer: ScriptedAnswer) => {
  const engine = await startScriptedEngine(answer)
  const { id } = await createWorker(database.query, 'local', 'w')
  await app.fleet.offered('local', id, { ...offer, name: 'w', url: engine.url })
  await app.fleet.beaten('local', id, beat)
  onTestFinished(async () => {
    await database.query('delete from worker where id::text = $1', [id])
    await app.fleet.read()
    await engine.close()
  })
  return Object.assign(engine, { id })
}
const ask = async (stream = true): Promise<IncomingMessage> => {
  const call = request(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    agent,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
  })
  call.end(JSON.stringify({ model: 'local:m', stream, messages: [{ role: 'user', content: 'hi' }] }))
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  return response
}
const bounded = { timeout: 5_000, interval: 10 }

describe('a client over HTTP', () => {
  test('gets an answer whole, and asks again on the same connection', async () => {
    await add(streamWords('one', 'two'))
    const ports = new Set<number | undefined>()
    for (let call = 0; call < 3; call += 1) {
      const response = await ask()
      ports.add(response.socket.localPort)
      expect(response.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      expect(await text(response)).toMatch(/"one".*\n\n.*"two".*\n\ndata: \[DONE\]\n\n$/)
    }
    expect(ports.size).toBe(1)
  })
  test.each<[string, ScriptedAnswer, boolean]>([
    ['dies in the middle of it', breakOff, false],
    ['is lost in the middle of it', streamForEver, true],
  ])('hears of a worker that %s by an error event', async (_, answer, lose) => {
    const worker = await add(answer)
    const response = await ask()
    const all = text(response)
    if (lose) await app.fleet.stopped('local', worker.id)
    expect(await all).toMatch(/"first".*\n\ndata: \{"error":\{.*"code":"stream_broken".*\}\}\n\n$/)
    expect(response.complete).toBe(true)
  })
  test('sees the connection cut where a whole answer breaks off', async () => {
    await add((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"choices":', () => response.destroy())
    })
    await expect(text(await ask(false))).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
  test('that leaves stops the worker', async () => {
    const worker = await add(streamForEver)
    const response = await ask()
    await once(response, 'readable')
    response.destroy()
    await expect.poll(() => worker.seen.left, bounded).toBe(1)
    expect(app.fleet.get(worker.id)).toMatchObject({ inFlight: 0, broken: null })
  })
  test('that reads slowly slows the worker', async () => {
    const event = `data: {"choices":[{"delta":{"content":"${'x'.repeat(16_000)}"}}]}\n\n`
    const [most, sent] = [4_000, { events: 0 }]
    await add(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (; sent.events < most && !response.destroyed; sent.events += 1)
        if (!response.write(event)) await once(response, 'drain')
      response.end('data: [DONE]\n\n')
    })
    const response = await ask()
    await once(response, 'readable')
    // Until all buffers on the way are full: 64 MB would be too much for those.
    let before = -1
    while (before !== sent.events) {
      before = sent.events
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(sent.events).toBeLessThan(most / 2)
    let bytes = 0
    response.setEncoding('latin1').on('data', (part: string) => {
      bytes += part.length
    })
    await once(response, 'end')
    expect(bytes).toBe(most * event.length + 'data: [DONE]\n\n'.length)
  })
})

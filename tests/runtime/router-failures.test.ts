import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { RouterOptions } from '#runtime/dispatch/router.ts'
import type { Database } from '#runtime/store/database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { deleteWorker } from '#runtime/store/workers.ts'
import { relayEvents } from '#server/v1/relay.ts'
import { beat, offer, openRouterScene } from '#tests/support/router-scene.ts'
import { refuse, type ScriptedAnswer, streamForEver, streamWords } from '#tests/support/scripted-engine.ts'

let database: Database
beforeAll(async () => {
  database = await openDatabase({ memory: true })
})
afterAll(() => database.close())
const open = async (more: Partial<RouterOptions> = {}) => {
  const scene = await openRouterScene(database, more)
  onTestFinished(scene.close)
  return scene
}
/** Takes the request and says nothing. */
const saysNothing: ScriptedAnswer = () => undefined
const bounded = { timeout: 2_000, interval: 5 }

describe('a tuned model', () => {
  it('is got by another worker where one failed at it, whether that is still there or not', async () => {
    const tuned = { id: 'tuned:x@1', base: 'm', form: 'adapter' as const, files: [] }
    for (const isThere of [true, false]) {
      const { add, fleet, router, fallSilent } = await open({ resolveTuned: async () => tuned })
      const able = { ...offer, capabilities: ['chat', 'adapters'] }
      const [failed, other] = [await add('a'), await add('b')]
      for (const { id, url } of [failed, other]) await fleet.offered('local', id, { ...able, name: id, url })
      const no = { id: tuned.id, state: 'failed' as const, reason: 'disk full', running: 0, waiting: 0 }
      await fleet.beaten('local', failed.id, { ...beat, freeMemory: 9e9, models: [...beat.models, no] })
      await fleet.beaten('local', other.id, beat)
      if (!isThere) await fallSilent(failed.id)
      const asked = router.call({
        workspace: 'local',
        tenant: 't',
        model: tuned.id,
        path: '/chat/completions',
        body: { messages: [{ role: 'user', content: 'hi' }], stream: true },
        signal: AbortSignal.timeout(10_000),
      })
      await expect
        .poll(async () => (await fleet.beaten('local', other.id, beat)).models.map(({ id }) => id), bounded)
        .toEqual([tuned.id])
      const yes = { id: tuned.id, state: 'ready' as const, running: 0, waiting: 0 }
      await fleet.beaten('local', other.id, { ...beat, models: [...beat.models, yes] })
      expect((await asked).status).toBe(200)
      expect(failed.seen.calls).toBe(0)
    }
  })
})

describe('a worker that is lost', () => {
  it('ends its answer with an error event, never as if it were whole', async () => {
    const { add, call, fallSilent, fleet } = await open()
    const worker = await add('a', streamForEver)
    const out = new PassThrough()
    const { body } = await call('hi', new AbortController().signal)
    if (body) relayEvents(body, out)
    const whole = text(out)
    await add('b')
    await fallSilent(worker.id)
    expect(await whole).toMatch(/"content":"first".*\n\ndata: \{"error":\{.*"code":"stream_broken"/)
    expect(await whole).not.toContain('[DONE]')
    await expect.poll(() => worker.seen.left, bounded).toBe(1)
    expect(fleet.get(worker.id)).toMatchObject({ state: 'lost', inFlight: 0 })
  })
  it('is replaced before its first byte', async () => {
    const { add, ask, wordOf, fallSilent } = await open()
    const worker = await add('a', saysNothing)
    await add('b')
    const word = wordOf(ask())
    await expect.poll(() => worker.seen.calls, bounded).toBe(1)
    await fallSilent(worker.id)
    expect(await word).toBe('b')
  })
  it('is replaced while a call waits for it to fetch it, and after it did', async () => {
    for (const fetches of [false, true]) {
      const { add, ask, wordOf, fallSilent, calls, fleet } = await open()
      const worker = await add('a', undefined, false)
      await add('b')
      const word = wordOf(ask())
      await expect.poll(() => fleet.get(worker.id)?.inFlight, bounded).toBe(1)
      const fetched = fetches ? await calls.next(worker.id, 5_000, AbortSignal.timeout(5_000)) : undefined
      await fallSilent(worker.id)
      expect(await word).toBe('b')
      const late = { status: 200, headers: {}, body: null }
      expect(await calls.answer(worker.id, fetched?.call ?? '', late)).toBe(false)
    }
  })
  it('ends an answer that it sends itself, too', async () => {
    const { add, call, fallSilent, calls } = await open()
    const worker = await add('a', undefined, false)
    const asked = call()
    const fetched = await calls.next(worker.id, 5_000, AbortSignal.timeout(5_000))
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: {"content":"far"}\n\n')),
    })
    const answered = calls.answer(worker.id, fetched?.call ?? '', { status: 200, headers: {}, body })
    const answer = await asked
    const failed = once(answer.body ?? new PassThrough(), 'error')
    await fallSilent(worker.id)
    expect((await failed)[0]).toMatchObject({ message: expect.stringContaining('fell silent') })
    expect(await answered).toBe(true)
  })
  it('is one that was removed or stopped, too', async () => {
    const { add, call, fleet } = await open()
    for (const lose of [
      (id: string) => fleet.stopped('local', id),
      async (id: string) => {
        await deleteWorker(database.query, 'local', id)
        await fleet.read()
      },
    ]) {
      const worker = await add('a', streamForEver)
      const { body } = await call()
      const failed = once(body ?? new PassThrough(), 'error')
      await lose(worker.id)
      expect((await failed)[0]).toMatchObject({ message: expect.stringContaining('was lost') })
    }
  })
  it('is none that still beats: its answer goes on', async () => {
    const { add, call, fallSilent, fleet } = await open()
    const [worker, quiet] = [await add('a', streamForEver), await add('b')]
    const { body } = await call()
    await fallSilent(quiet.id)
    expect(fleet.get(worker.id)).toMatchObject({ state: 'ready', inFlight: 1 })
    body?.destroy()
  })
  it('is none while the database could not note its heartbeats, only when none comes after that', async () => {
    let isDown = false
    const query: Database['query'] = (...of) => (isDown ? Promise.reject(new Error('down')) : database.query(...of))
    const scene = await openRouterScene({ ...database, query })
    onTestFinished(scene.close)
    const worker = await scene.add('a', streamForEver)
    const { body } = await scene.call()
    scene.pass(16_000)
    isDown = true
    await expect(scene.fleet.read()).rejects.toThrow('down')
    isDown = false
    await scene.fallSilent(worker.id, 0)
    await new Promise((resolve) => setImmediate(resolve))
    expect(scene.fleet.get(worker.id)).toMatchObject({ state: 'lost', inFlight: 1 })
    const failed = once(body ?? new PassThrough(), 'error')
    await scene.fallSilent(worker.id, 11_000)
    expect((await failed)[0]).toMatchObject({ message: expect.stringContaining('fell silent') })
  })
})

describe('a worker that gives no first byte', () => {
  it('is left for another one when the time is over', async () => {
    const { add, ask, wordOf, router, fleet } = await open({ firstByte: 60 })
    const worker = await add('a', saysNothing)
    await add('b')
    expect(await wordOf(ask())).toBe('b')
    await expect.poll(() => worker.seen.left, bounded).toBe(1)
    expect(router.counts()).toMatchObject({ retries: 1, failures: 1 })
    expect(fleet.get(worker.id)?.inFlight).toBe(0)
  })
  it('is replaced once, then the caller is told', async () => {
    const { add, ask } = await open({ firstByte: 60 })
    const workers = [await add('a', saysNothing), await add('b', saysNothing), await add('c', saysNothing)]
    await expect(ask()).rejects.toMatchObject({
      code: 'worker-silent',
      retry: 'later',
      message: expect.stringContaining('0.06 s'),
    })
    expect(workers.map(({ seen }) => seen.calls)).toEqual([1, 1, 0])
  })
  it('may take its time for the rest', async () => {
    const { add, ask, wordOf } = await open({ firstByte: 60 })
    await add('a', (response) => {
      streamForEver(response, {} as never, null)
      setTimeout(() => response.end('data: [DONE]\n\n'), 150)
    })
    expect(await wordOf(ask())).toBe('first')
  })
})

describe('a worker that answers 503', () => {
  it.each([
    ['with a reason', refuse(503), '{"error":{"message":"no","code":"refused"}}'],
    ['with nothing', ((response) => void response.writeHead(503).end()) satisfies ScriptedAnswer, ''],
  ])('is left out after three, though its answer %s is passed on', async (_, answer, body) => {
    const { add, ask, fleet, router } = await open()
    const worker = await add('a', answer)
    for (let at = 0; at < 3; at += 1) {
      expect(fleet.get(worker.id)?.broken).toBeNull()
      const passed = await ask()
      expect([passed.status, await passed.text()]).toEqual([503, body])
    }
    expect(fleet.get(worker.id)).toMatchObject({ broken: { reason: 'it answered 503' }, inFlight: 0 })
    expect(router.counts().failures).toBe(3)
  })
})

describe('hedging', () => {
  const begins = (word: string, ms: number): ScriptedAnswer => {
    const answer = streamWords(word)
    return (...of) => void setTimeout(() => answer(...of), ms)
  }
  it('is off unless asked for', async () => {
    const { add, ask, wordOf, router } = await open()
    await add('a', begins('a', 150))
    const other = await add('b')
    expect(await wordOf(ask())).toBe('a')
    expect([other.seen.calls, router.counts().hedges]).toEqual([0, 0])
  })
  it('asks a second worker as well after the delay; the first to answer is taken, the other one stopped', async () => {
    const { add, ask, wordOf, router, fleet } = await open({ hedgeAfter: 40 })
    const slow = await add('a', saysNothing)
    await add('b')
    expect(await wordOf(ask())).toBe('b')
    await expect.poll(() => slow.seen.left, bounded).toBe(1)
    expect(router.counts()).toMatchObject({ hedges: 1, retries: 0, failures: 0 })
    expect(fleet.get(slow.id)).toMatchObject({ inFlight: 0, broken: null })
  })
  it('takes the first worker if that begins first after all', async () => {
    const { add, ask, wordOf } = await open({ hedgeAfter: 30 })
    await add('a', begins('a', 120))
    const other = await add('b', saysNothing)
    expect(await wordOf(ask())).toBe('a')
    await expect.poll(() => other.seen, bounded).toEqual({ calls: 1, left: 1 })
  })
  it('asks nobody else once an answer has begun, nor when nobody else is there', async () => {
    const { add, ask, call, wordOf, router } = await open({ hedgeAfter: 30 })
    const first = await add('a', begins('a', 100))
    expect(await wordOf(ask())).toBe('a')
    first.answer = streamForEver
    const { body } = await call()
    const other = await add('b')
    await new Promise((resolve) => setTimeout(resolve, 100))
    body?.destroy()
    expect([other.seen.calls, router.counts().hedges]).toEqual([0, 0])
  })
  it('goes on with the other one when one of the two fails', async () => {
    const { add, ask, wordOf } = await open({ hedgeAfter: 30 })
    await add('a', begins('a', 120))
    await add('b', refuse(503))
    expect(await wordOf(ask())).toBe('a')
  })
})

describe('a worker that talks to another server', () => {
  it.each([
    ['cannot be reached', false],
    ['names an address of its own machine', true],
  ])('is asked for nothing when it %s, until it talks to this one', async (_, hasUrl) => {
    const here = await open({ patience: 100 })
    const other = await open()
    const worker = await other.add('a', undefined, hasUrl)
    await here.fleet.read()
    expect(here.fleet.get(worker.id)).toMatchObject({ state: 'ready', reachable: false })
    await expect(here.ask()).rejects.toMatchObject({ code: 'no-worker' })
    expect(here.fleet.get(worker.id)).toMatchObject({ served: 0, broken: null })
    await here.fleet.beaten('local', worker.id, beat)
    expect(here.fleet.get(worker.id)?.reachable).toBe(true)
  })
  it('is asked when it names an address that is good everywhere', async () => {
    const here = await open()
    const other = await open()
    const { id } = await other.add('a', undefined, false)
    await other.fleet.offered('local', id, { ...offer, name: 'a', url: 'http://gpu.example.com:4750/v1' })
    await other.fleet.beaten('local', id, beat)
    await here.fleet.read()
    expect(here.fleet.get(id)).toMatchObject({ state: 'ready', reachable: true })
  })
})

describe('what waits', () => {
  const held = async (scene: Awaited<ReturnType<typeof open>>, count: number) => {
    for (let at = 0; at < count; at += 1) await scene.call()
  }
  it('says that the model is loading while those that have it load it', async () => {
    const scene = await open()
    const worker = await scene.add('a', streamForEver)
    const models = beat.models.map((model) => ({ ...model, state: 'loading' as const }))
    await scene.fleet.beaten('local', worker.id, { ...beat, models })
    await held(scene, 16)
    const late = scene.ask()
    await expect.poll(scene.router.waiting, bounded).toMatchObject([{ model: 'local:m', reason: 'loading' }])
    await expect(late).rejects.toMatchObject({ code: 'queue-timeout' })
  })
  it('says that its workers are left out after failures', async () => {
    const scene = await open()
    await scene.add('a', refuse(502)).then(({ close }) => close())
    for (let at = 0; at < 3; at += 1) await expect(scene.ask()).rejects.toMatchObject({ code: 'no-worker' })
    const late = scene.ask()
    await expect.poll(scene.router.waiting, bounded).toMatchObject([{ reason: 'broken', secondsLeft: null }])
    await expect(late).rejects.toMatchObject({ code: 'no-worker' })
  })
  it('counts those that wait for a worker to come up with it', async () => {
    const scene = await open({ wakeFor: async () => true })
    const asked = scene.ask()
    await expect
      .poll(scene.router.waiting, bounded)
      .toMatchObject([{ model: 'local:m', waiting: 1, reason: 'loading' }])
    await scene.add('a')
    expect(await scene.wordOf(asked)).toBe('a')
    expect(scene.router.waiting()).toEqual([])
  })
})

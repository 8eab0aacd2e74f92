import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFleet } from '#runtime/dispatch/fleet.ts'
import type { Database } from '#runtime/store/database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { createWorker, drainWorker } from '#runtime/store/workers.ts'
import { beat, offer, openRouterScene, type RouterScene, sealer } from '#tests/support/router-scene.ts'
import { breakOff, refuse, streamForEver, streamWords } from '#tests/support/scripted-engine.ts'

describe('a router', () => {
  let database: Database
  let scene: RouterScene
  beforeAll(async () => {
    database = await openDatabase({ memory: true })
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    scene = await openRouterScene(database)
  })
  afterEach(() => scene.close())
  const add: RouterScene['add'] = (...of) => scene.add(...of)
  const ask: RouterScene['ask'] = (...of) => scene.ask(...of)
  const answerOf: RouterScene['wordOf'] = (asked) => scene.wordOf(asked)

  it('shares requests out evenly among idle workers', async () => {
    const [a, b] = [await add('a'), await add('b')]
    for (let call = 0; call < 6; call += 1) await answerOf(ask())
    expect([a.seen.calls, b.seen.calls]).toEqual([3, 3])
  })
  it('sends a prompt where its beginning was answered before', async () => {
    await add('a')
    await add('b')
    const handbook = 'The handbook says. '.repeat(60)
    const first = await answerOf(ask(handbook))
    for (let call = 0; call < 4; call += 1) expect(await answerOf(ask(handbook + call))).toBe(first)
    expect(scene.router.counts().near).toBe(4)
  })
  it('sends prompts that begin alike to one worker, also when they come at once', async () => {
    const [a, b] = [await add('a'), await add('b')]
    const handbook = 'Nobody asked about this before. '.repeat(60)
    await Promise.all(['one', 'two', 'three', 'four'].map((question) => answerOf(ask(handbook + question))))
    expect([a.seen.calls, b.seen.calls].toSorted()).toEqual([0, 4])
  })
  it('counts a request once that was sent where its beginning was known', async () => {
    const [a] = [await add('a', refuse(503)), await add('b')]
    const handbook = 'Both have seen this. '.repeat(60)
    await answerOf(ask(handbook))
    a.answer = streamWords('a')
    expect(scene.router.counts()).toMatchObject({ near: 0, retries: 1 })
    await answerOf(ask(handbook))
    expect(scene.router.counts()).toMatchObject({ near: 1, retries: 1 })
  })
  it.each([502, 503, 429])('asks another worker when one answers %i', async (status) => {
    const bad = await add('a', refuse(status))
    await add('b')
    for (let call = 0; call < 3; call += 1) expect(await answerOf(ask())).toBe('b')
    expect(bad.seen.calls).toBeGreaterThan(0)
    expect(scene.router.counts().retries).toBe(bad.seen.calls)
  })
  it('asks another worker when one is gone, and leaves it out after three times', async () => {
    const bad = await add('a')
    await add('b')
    await bad.close()
    for (let call = 0; call < 8; call += 1) expect(await answerOf(ask())).toBe('b')
    expect(scene.router.counts().retries).toBe(3)
    expect(scene.fleet.get(bad.id)?.broken?.reason).toContain('ECONNREFUSED')
  })
  it('passes a refusal of the request itself on, and asks nobody else', async () => {
    const bad = await add('a', refuse(400))
    expect((await ask()).status).toBe(400)
    expect(bad.seen.calls).toBe(1)
    expect(scene.fleet.get(bad.id)?.broken).toBeNull()
  })
  it('never repeats an answer that had begun: it breaks for the reader', async () => {
    const bad = await add('a', breakOff)
    const answer = await ask()
    const other = await add('b')
    await expect(answer.text()).rejects.toThrow()
    expect([bad.seen.calls, other.seen.calls]).toEqual([1, 0])
    expect(scene.fleet.get(bad.id)?.inFlight).toBe(0)
  })
  it('stops the worker when the reader leaves', async () => {
    const worker = await add('a', streamForEver)
    const gone = new AbortController()
    const answer = await ask('hi', gone.signal)
    await answer.body?.getReader().read()
    gone.abort()
    await expect.poll(() => worker.seen.left, { timeout: 1_000 }).toBe(1)
    expect(scene.fleet.get(worker.id)).toMatchObject({ inFlight: 0, broken: null })
  })
  it('stops the worker when the reader stops reading', async () => {
    const worker = await add('a', streamForEver)
    const reader = (await ask()).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await expect.poll(() => worker.seen.left, { timeout: 1_000 }).toBe(1)
    expect(scene.fleet.get(worker.id)?.inFlight).toBe(0)
  })
  it('sends nothing to drained workers, nor to ones that were silent for three heartbeats', async () => {
    const [drained, lost] = [await add('a'), await add('b')]
    await drainWorker(database.query, 'local', drained.id, true)
    await database.query(`update worker set seen_at = now() - interval '16 seconds' where id::text = $1`, [lost.id])
    const again = await createFleet({ database, sealer, log: () => undefined })
    expect(again.list('local').map(({ state }) => state)).toEqual(['draining', 'lost'])
    again.stop()
  })
  it('lets requests wait their turn, and says so', async () => {
    await add('a', streamForEver)
    const held = await Promise.all(Array.from({ length: 16 }, () => ask()))
    const late = ask()
    await expect
      .poll(() => scene.router.waiting())
      .toMatchObject([{ model: 'local:m', waiting: 1, reason: 'all-busy' }])
    await expect(late).rejects.toMatchObject({ code: 'queue-timeout', retry: 'later' })
    for (const answer of held) await answer.body?.cancel()
  })
  it('takes an event stream that ends before it begins for a failure, and asks another worker', async () => {
    const empty = await add('a', (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end()
    })
    await add('b')
    for (let call = 0; call < 3; call += 1) expect(await answerOf(ask())).toBe('b')
    expect(empty.seen.calls).toBeGreaterThan(0)
    expect(scene.router.counts().failures).toBe(empty.seen.calls)
    expect(scene.fleet.get(empty.id)?.inFlight).toBe(0)
  })
  it('waits for a worker that has not said yet what it has', async () => {
    const engine = await scene.engineOf(streamWords('late'))
    const { id } = await createWorker(database.query, 'local', 'late')
    await scene.fleet.offered('local', id, { ...offer, name: 'late', url: engine.url })
    const asked = answerOf(ask())
    await scene.fleet.beaten('local', id, beat)
    expect(await asked).toBe('late')
  })
  it('knows at once that a worker stopped', async () => {
    const { id } = await add('a')
    await scene.fleet.stopped('local', id)
    expect(scene.fleet.get(id)?.state).toBe('lost')
    await scene.fleet.read()
    expect(scene.fleet.get(id)?.state).toBe('lost')
  })
  it('gives a model no more at once than it takes, whatever else its worker has', async () => {
    const { id, seen } = await add('a', () => undefined)
    const [model] = beat.models
    await scene.fleet.beaten('local', id, { ...beat, capacity: 64, models: model ? [{ ...model, capacity: 1 }] : [] })
    const left = new AbortController()
    const asked = Array.from({ length: 6 }, () => ask('hi', left.signal).catch(() => undefined))
    await expect.poll(() => seen.calls, { timeout: 2_000 }).toBe(4)
    expect(scene.router.waiting()).toMatchObject([{ waiting: 2 }])
    left.abort()
    await Promise.all(asked)
  })
  it('keeps a tuned model on its worker that was called, and lets one go that was not', async () => {
    const { id } = await add('a')
    const model = (name: string) => ({ id: name, base: 'tiny', form: 'adapter' as const, files: [] })
    const names = ['m', ...Array.from({ length: 15 }, (_, at) => `n${at}`)]
    for (const name of names) scene.fleet.want(id, model(name))
    await answerOf(ask())
    scene.fleet.want(id, model('new'))
    const { models } = await scene.fleet.beaten('local', id, beat)
    expect(models.map((one) => one.id)).toEqual([...names.slice(2), 'm', 'new'])
  })
  it('names what there is when nobody has the model', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'model-missing', message: expect.stringContaining('local:tiny') })
  })
  it('reaches a worker that fetches its calls, and stops it too', async () => {
    const worker = await add('a', undefined, false)
    const asked = ask()
    const call = await scene.calls.next(worker.id, 5_000, AbortSignal.timeout(5_000))
    expect(call).toMatchObject({ path: '/chat/completions', body: { model: 'm' } })
    let left = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: {"content":"far"}\n\n')),
      cancel: () => {
        left = true
      },
    })
    const answered = scene.calls.answer(worker.id, call?.call ?? '', { status: 200, headers: {}, body })
    const reader = (await asked).body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('far')
    await reader?.cancel()
    expect(await answered).toBe(true)
    expect(left).toBe(true)
    expect(await scene.calls.answer(worker.id, 'unknown', { status: 200, headers: {}, body: null })).toBe(false)
  })
})

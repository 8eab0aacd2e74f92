import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Page, PipelineSummary, RunDetail, StepRecord } from '#server/api.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > out.a',
)
/** One scripted step between input and output. */
const scripted = (type: 'pure' | 'read' | 'write', name: string) =>
  wire({ go: { type, config: { name } }, out: { type: 'output', config: { fields: { a: 'any' } } } }, 'go.x > out.a')

const readEvents = async (response: Response): Promise<{ message: EventSourceMessage; event: RunEvent }[]> => {
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  const decoder = new TextDecoder()
  for await (const chunk of response.body as ReadableStream<Uint8Array>)
    parser.feed(decoder.decode(chunk, { stream: true }))
  return messages.map((message) => ({ message, event: JSON.parse(message.data) as RunEvent }))
}

eachDatabase('runs over HTTP', (on) => {
  let app: TestApp
  let release: () => void
  let aborted: Promise<void>
  beforeAll(async () => {
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let abort: () => void = () => undefined
    aborted = new Promise((resolve) => {
      abort = resolve
    })
    app = await openApp(await on.open(), {
      fail: () => {
        throw new Error('the outside world said no')
      },
      speak: async ({ emit }) => {
        emit('x', 'one ')
        await gate
        emit('x', 'two')
        return { x: 'one two' }
      },
      hang: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            abort()
            reject(signal.reason)
          })
        }),
    })
  })
  afterAll(() => app.stop())

  const start = async (pipeline: string, body: unknown = { input: {} }, query = '') =>
    app.ask('POST', `/api/pipelines/${pipeline}/runs${query}`, { body })
  const startId = async (pipeline: string, body?: unknown) =>
    ((await (await start(pipeline, body)).json()) as { id: string }).id

  test('a run is accepted with 202, or awaited with its output', async () => {
    const { id } = await app.create(echo)
    const accepted = await start(id, { input: { q: 'hello' } })
    expect(accepted.status).toBe(202)
    expect(accepted.headers.get('location')).toMatch(/^\/api\/runs\/[0-9a-f-]{36}$/)
    const waited = await start(id, { input: { q: '안녕 ✓' } }, '?wait=20')
    expect(waited.status).toBe(200)
    const run = (await waited.json()) as RunRecord
    expect(run).toMatchObject({
      status: 'succeeded',
      pipeline: id,
      version: null,
      output: { a: '안녕 ✓' },
      error: null,
      trigger: 'api',
    })

    const detail = await app.answer<RunDetail>('GET', `/api/runs/${run.id}`)
    expect(detail).toMatchObject({ ...run, document: { name: 'Test' } })
    expect(detail.nodes.map((node) => [node.node, node.status])).toEqual([
      ['ask', 'succeeded'],
      ['out', 'succeeded'],
    ])
    const steps = await app.answer<Page<StepRecord>>('GET', `/api/runs/${run.id}/steps`)
    expect(steps.items[0]).toMatchObject({ node: 'ask', path: [], outputs: { q: '안녕 ✓' } })
    const list = await app.answer<Page<RunRecord>>('GET', `/api/runs?pipeline=${id}&limit=1`)
    expect(list.items).toEqual([run])
    const next = await app.answer<Page<RunRecord>>('GET', `/api/runs?pipeline=${id}&limit=1&cursor=${list.next}`)
    expect(next.items[0]?.input).toEqual({ q: 'hello' })
  })

  test('a run keeps the version it names, whatever the draft becomes', async () => {
    const { id } = await app.create(echo)
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    const draft = { ...echo, edges: [], nodes: echo.nodes.filter((node) => node.id === 'ask') }
    await app.ask('PUT', `/api/pipelines/${id}`, { body: { document: draft }, headers: { 'if-match': '1' } })
    for (const version of [1, 'latest'] as const) {
      const run = (await (await start(id, { input: { q: 'x' }, version }, '?wait=20')).json()) as RunRecord
      expect(run).toMatchObject({ status: 'succeeded', version: 1, output: { a: 'x' } })
    }
    const run = (await (await start(id, { input: { q: 'x' } }, '?wait=20')).json()) as RunRecord
    expect(run).toMatchObject({ version: null, output: { ask: { q: 'x' } } })
  })

  test('a run of a draft that was saved since is refused and starts nothing', async () => {
    const { id } = await app.create(echo)
    await app.ask('PUT', `/api/pipelines/${id}`, {
      body: { document: { ...echo, name: 'b' } },
      headers: { 'if-match': '1' },
    })
    const refused = await start(id, { input: { q: 'x' }, revision: 1 })
    expect(await problemOf(refused)).toMatchObject({ status: 412, code: 'revision-conflict' })
    expect(await app.answer('GET', `/api/runs?pipeline=${id}`)).toEqual({ items: [], next: null })
    expect((await start(id, { input: { q: 'x' }, revision: 2 })).status).toBe(202)
  })

  test('the list of pipelines tells as many of the last runs as its strip draws', async () => {
    const { id } = await app.create(echo)
    for (let at = 0; at < 26; at += 1) await start(id, { input: { q: 'x' } }, '?wait=20')
    const { items } = await app.answer<Page<PipelineSummary>>('GET', '/api/pipelines')
    expect(items.find((one) => one.id === id)?.lastRuns).toHaveLength(24)
  })

  test('a draft with errors is refused and starts nothing', async () => {
    const { id } = await app.create(wire({ out: { type: 'output', config: { fields: { a: 'text' } } } }))
    expect(await problemOf(await start(id))).toMatchObject({
      status: 422,
      code: 'findings',
      findings: [{ code: 'input-missing' }],
    })
    expect(await app.answer('GET', `/api/runs?pipeline=${id}`)).toEqual({ items: [], next: null })
  })

  test('a failed run says why', async () => {
    const { id } = await app.create(scripted('pure', 'fail'))
    const run = (await (await start(id, { input: {} }, '?wait=20')).json()) as RunRecord
    expect(run).toMatchObject({ status: 'failed', output: null, error: { node: 'go' } })
  })

  test('an Idempotency-Key makes one run, also 20 times at once; another body with it is refused', async () => {
    const { id } = await app.create(echo)
    const send = (q: string) =>
      app.ask('POST', `/api/pipelines/${id}/runs`, { body: { input: { q } }, headers: { 'idempotency-key': 'k1' } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('a')))
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id))
    expect(new Set(ids).size).toBe(1)
    expect(await problemOf(await send('b'))).toMatchObject({ status: 422, code: 'idempotency-conflict' })
    expect((await app.answer<Page<RunRecord>>('GET', `/api/runs?pipeline=${id}`)).items).toHaveLength(1)
  })

  test('events arrive while the run goes on, and Last-Event-ID gives what came after', async () => {
    const { id } = await app.create(scripted('read', 'speak'))
    const run = await startId(id)
    const follow = await app.ask('GET', `/api/runs/${run}/events`)
    expect(follow.headers.get('content-type')).toBe('text/event-stream')
    const reading = readEvents(follow)
    release()
    const all = await reading
    const names = all.map(({ message }) => message.event)
    expect(names[0]).toBe('run-start')
    expect(names.at(-1)).toBe('run-end')
    expect(names).toContain('step-end')
    expect(all.every(({ message, event }) => message.event === event.type)).toBe(true)
    const text = all.flatMap(({ event }) => (event.type === 'step-delta' ? [event.delta] : [])).join('')
    expect(text).toBe('one two')

    const ended = all.find(({ event }) => event.type === 'step-end')
    const resumed = await readEvents(
      await app.ask('GET', `/api/runs/${run}/events`, { headers: { 'last-event-id': ended?.message.id as string } }),
    )
    const later = all.filter(
      ({ message }) => message.id !== undefined && Number(message.id) > Number(ended?.message.id),
    )
    expect(resumed).toEqual(later)
    const over = await app.ask('GET', `/api/runs/${run}/events`, {
      headers: { 'last-event-id': all.at(-1)?.message.id as string },
    })
    expect(over.status).toBe(204)
    const wrong = await app.ask('GET', `/api/runs/${run}/events`, { headers: { 'last-event-id': 'x' } })
    expect(await problemOf(wrong)).toMatchObject({ status: 400 })
  })

  test('several runs share one stream, and each goes on from where it was told', async () => {
    const { id } = await app.create(echo)
    const [one, two] = [await startId(id, { input: { q: '1' } }), await startId(id, { input: { q: '2' } })] as const
    const follow = (headers = {}) => app.ask('GET', `/api/events?runs=${one},${two}`, { headers })
    const all = await readEvents(await follow())
    const ends = all.flatMap(({ event }) => (event.type === 'run-end' ? [event.run] : []))
    expect(ends.sort()).toEqual([one, two].sort())
    expect(new Set(all.map(({ event }) => (event as { run?: string }).run))).toEqual(new Set([one, two]))
    expect(all.filter(({ event }) => event.type === 'step-end')).toHaveLength(4)
    const again = await readEvents(await follow({ 'last-event-id': all.at(-1)?.message.id as string }))
    expect(again.filter(({ event }) => 'seq' in event)).toEqual([])
    expect((await app.ask('GET', `/api/events?runs=${one},01a20a92-54e5-7ef8-944e-8f3e7ecc88fa`)).status).toBe(404)
    expect((await app.ask('GET', '/api/events')).status).toBe(400)
  })

  test('cancelling reaches a step in flight, once', async () => {
    const { id } = await app.create(scripted('read', 'hang'))
    const run = await startId(id)
    const events = app.engine.events(run)
    for await (const event of events) if (event.type === 'step-start' && event.node === 'go') break
    expect(await app.answer('POST', `/api/runs/${run}/cancel`)).toEqual({ id: run, cancelled: true })
    await aborted
    expect(await app.answer<RunDetail>('GET', `/api/runs/${run}`)).toMatchObject({ status: 'cancelled' })
    expect(await app.answer('POST', `/api/runs/${run}/cancel`)).toEqual({ id: run, cancelled: false })
  })

  test('lists can be narrowed to a status', async () => {
    const failed = await app.answer<Page<RunRecord>>('GET', '/api/runs?status=failed')
    expect(failed.items.map((run) => run.status)).toEqual(['failed'])
    expect((await app.ask('GET', '/api/runs?status=lost')).status).toBe(400)
  })
})

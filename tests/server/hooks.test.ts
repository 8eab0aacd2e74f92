import { createHmac } from 'node:crypto'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Hook, Page } from '#server/api.ts'
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
const scripted = (name: string) =>
  wire(
    { go: { type: 'read', config: { name } }, out: { type: 'output', config: { fields: { a: 'any' } } } },
    'go.x > out.a',
  )

type Made = Hook & { secret: string | null; url: string; warning?: string }

eachDatabase('webhooks', (on) => {
  let app: TestApp
  let hooks = 0
  beforeAll(async () => {
    app = await openApp(await on.open(), {
      speak: ({ emit }) => {
        emit('x', 'one ')
        return { x: 'one two' }
      },
      stumble: ({ emit, attempt }) => {
        if (attempt === 1) emit('x', 'half')
        throw new Error('cut off')
      },
    })
  })
  afterAll(() => app.stop())

  /** A published pipeline with a hook of its own. */
  const serve = async (document: PipelineDocument, more: Partial<Hook> = {}) => {
    const { id } = await app.create(document)
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    const response = await app.ask('POST', '/api/hooks', { body: { name: `hook-${++hooks}`, pipeline: id, ...more } })
    expect(response.status).toBe(201)
    return (await response.json()) as Made
  }
  const sign = (secret: string | null, body: string, id = 'msg_1', at = new Date()) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret as string).sign(id, at, body),
  })
  const call = (hook: Made, body: string, headers: Record<string, string> = sign(hook.secret, body)) =>
    app.ask('POST', hook.url, { body, headers, as: null })
  const runsOf = async (pipeline: string) =>
    (await app.answer<Page<RunRecord>>('GET', `/api/runs?pipeline=${pipeline}`)).items
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)

  describe('signed by the public package', () => {
    const body = '{"q":"안녕 ✓","other":[1]}'
    test('gets the output of the run; fields that the pipeline does not name are left out', async () => {
      const hook = await serve(echo)
      expect(hook.secret).toMatch(/^whsec_/)
      const response = await call(hook, body)
      expect([response.status, await response.json()]).toEqual([200, { a: '안녕 ✓' }])
      const [run] = await runsOf(hook.pipeline)
      expect(run).toMatchObject({
        id: response.headers.get('patchbay-run'),
        trigger: 'hook',
        version: 1,
        input: { q: '안녕 ✓' },
      })
    })
    test('unsigned, wrong and stale calls get 401 and start nothing', async () => {
      const hook = await serve(echo)
      const bad: Record<string, string>[] = [
        {},
        sign(`whsec_${Buffer.alloc(32).toString('base64')}`, body),
        sign(hook.secret, `${body} `),
        sign(hook.secret, body, 'msg_1', minutes(-6)),
        sign(hook.secret, body, 'msg_1', minutes(6)),
        { ...sign(hook.secret, body), 'webhook-id': 'msg_2' },
      ]
      for (const headers of bad)
        expect(await problemOf(await call(hook, body, headers))).toMatchObject({ status: 401, code: 'bad-signature' })
      expect(await runsOf(hook.pipeline)).toEqual([])
      expect((await call(hook, body, sign(hook.secret, body, 'msg_1', minutes(-4)))).status).toBe(200)
    })
    test('the same id 20 times at once is one run, and each answer is that run’s', async () => {
      const hook = await serve(echo)
      const headers = sign(hook.secret, body, 'msg_twenty')
      const answers = await Promise.all(Array.from({ length: 20 }, () => call(hook, body, headers)))
      expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200))
      expect(new Set(answers.map((answer) => answer.headers.get('patchbay-run'))).size).toBe(1)
      expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(Array(20).fill({ a: '안녕 ✓' }))
      expect(await runsOf(hook.pipeline)).toHaveLength(1)
      const later = await call(hook, body, headers)
      expect([later.status, later.headers.get('patchbay-run')]).toEqual([200, answers[0]?.headers.get('patchbay-run')])
    })
    test('the same id with another body is 422', async () => {
      const hook = await serve(echo)
      await call(hook, body)
      const other = '{"q":"other"}'
      expect(await problemOf(await call(hook, other))).toMatchObject({ status: 422, code: 'idempotency-conflict' })
    })
    test('an input that does not fit is 422 naming the field, and the id stays free for a better one', async () => {
      const hook = await serve(echo)
      expect(await problemOf(await call(hook, '{"q":3}'))).toMatchObject({ status: 422, errors: [{ pointer: '/q' }] })
      expect(await problemOf(await call(hook, '[1]'))).toMatchObject({ status: 422 })
      expect(await problemOf(await call(hook, '{"q":'))).toMatchObject({ status: 400, code: 'bad-json' })
      expect((await call(hook, body)).status).toBe(200)
    })
  })

  test('Idempotency-Key works where no webhook-id is sent', async () => {
    const hook = await serve(echo, { auth: 'none' })
    expect(hook).toMatchObject({ secret: null, warning: expect.stringContaining('Anyone') })
    const headers = { 'idempotency-key': 'k' }
    const [one, two] = await Promise.all([call(hook, '{"q":"x"}', headers), call(hook, '{"q":"x"}', headers)])
    expect(one?.headers.get('patchbay-run')).toBe(two?.headers.get('patchbay-run'))
    const [three, four] = await Promise.all([call(hook, '{"q":"x"}', {}), call(hook, '{"q":"x"}', {})])
    expect(three?.headers.get('patchbay-run')).not.toBe(four?.headers.get('patchbay-run'))
  })

  test('async answers 202 at once, with the run to ask for', async () => {
    const hook = await serve(echo, { mode: 'async' })
    const response = await call(hook, '{"q":"x"}')
    expect(response.status).toBe(202)
    const { id } = (await response.json()) as { id: string }
    expect(await app.engine.wait(id, 10_000)).toMatchObject({ status: 'succeeded', output: { a: 'x' } })
  })

  describe('stream', () => {
    const read = async (response: Response) => {
      const messages: EventSourceMessage[] = []
      createParser({ onEvent: (message) => messages.push(message) }).feed(await response.text())
      return messages.map(({ event, data }) => ({ event, ...JSON.parse(data) }))
    }
    test('sends deltas and the end', async () => {
      const hook = await serve(scripted('speak'), { mode: 'stream' })
      const told = await read(await call(hook, '{}'))
      expect(told.at(-1)).toMatchObject({ event: 'end', output: { a: 'one two' } })
      expect(told.slice(0, -1).every(({ event, node }) => event === 'delta' && node === 'go')).toBe(true)
    })
    test('a step that starts over after its first delta ends it with an error, never cleanly', async () => {
      const hook = await serve(scripted('stumble'), { mode: 'stream' })
      const told = await read(await call(hook, '{}'))
      expect(told.at(-1)).toMatchObject({ event: 'error', code: 'run-failed' })
      expect(told.map(({ event }) => event)).not.toContain('end')
    })
  })

  test('a failed run is a problem with its id and error', async () => {
    const document = wire(
      { go: { type: 'pure', config: { name: 'missing' } }, out: { type: 'output', config: { fields: { a: 'any' } } } },
      'go.x > out.a',
    )
    const hook = await serve(document)
    const problem = await problemOf(await call(hook, '{}'))
    expect(problem).toMatchObject({ status: 500, code: 'run-failed', run: expect.any(String), error: { node: 'go' } })
  })

  test('a pipeline with one JSON field gets a sender’s whole body', async () => {
    const document = wire(
      {
        ask: { type: 'input', config: { fields: { event: 'json' } } },
        out: { type: 'output', config: { fields: { a: 'json' } } },
      },
      'ask.event > out.a',
    )
    const hook = await serve(document, { auth: 'github' })
    const body = '{"action":"opened","number":7}'
    const signature = `sha256=${createHmac('sha256', hook.secret as string)
      .update(body)
      .digest('hex')}`
    const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': 'd1' }
    const first = await call(hook, body, headers)
    expect(await first.json()).toEqual({ a: { action: 'opened', number: 7 } })
    const redelivered = await call(hook, body, headers)
    expect(redelivered.headers.get('patchbay-run')).toBe(first.headers.get('patchbay-run'))
    expect((await call(hook, body, { ...headers, 'x-hub-signature-256': 'sha256=00' })).status).toBe(401)
  })

  test('the draft is never served, and a new version is at once', async () => {
    const { id } = await app.create(echo)
    const made = await app.answer<Made>('POST', '/api/hooks', { body: { name: 'fresh', pipeline: id } })
    const key = (name: string) => sign(made.secret, '{"q":"x"}', name)
    expect(await problemOf(await call(made, '{"q":"x"}', key('1')))).toMatchObject({
      status: 409,
      code: 'not-published',
    })
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    expect(await (await call(made, '{"q":"x"}', key('2'))).json()).toEqual({ a: 'x' })
    const renamed = {
      ...echo,
      nodes: [echo.nodes[0], { ...echo.nodes[1], config: { fields: { b: 'text' } } }],
      edges: [{ from: 'ask.q', to: 'out.b' }],
    }
    const put = await app.ask('PUT', `/api/pipelines/${id}`, {
      body: { document: renamed },
      headers: { 'if-match': '1' },
    })
    expect(put.status).toBe(200)
    expect(await (await call(made, '{"q":"x"}', key('3'))).json()).toEqual({ a: 'x' })
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    expect(await (await call(made, '{"q":"x"}', key('4'))).json()).toEqual({ b: 'x' })
  })

  test('hooks are listed without secrets, unique by name, and gone when deleted', async () => {
    const hook = await serve(echo)
    const list = await (await app.ask('GET', `/api/hooks?pipeline=${hook.pipeline}`)).text()
    expect(JSON.parse(list).items).toMatchObject([
      { name: hook.name, mode: 'sync', auth: 'standard', version: 'latest' },
    ])
    expect(list).not.toContain(hook.secret)
    const again = await app.ask('POST', '/api/hooks', { body: { name: hook.name, pipeline: hook.pipeline } })
    expect(await problemOf(again)).toMatchObject({ status: 409, code: 'name-taken' })
    expect(await problemOf(await app.ask('DELETE', `/api/pipelines/${hook.pipeline}`))).toMatchObject({
      status: 409,
      code: 'in-use',
    })
    expect((await call(hook, '{"q":"x"}')).status).toBe(200)
    expect((await app.ask('DELETE', `/api/hooks/${hook.name}`)).status).toBe(204)
    expect((await call(hook, '{"q":"x"}')).status).toBe(404)
  })

  test.each([
    [{ name: 'A B' }, '/name'],
    [{ pipeline: 'x' }, '/pipeline'],
    [{ pipeline: '01a20a92-54e5-7ef8-944e-8f3e7ecc88fa' }, '/pipeline'],
    [{ version: 9 }, '/version'],
    [{ mode: 'fast' }, '/mode'],
    [{ auth: 'magic' }, '/auth'],
  ])('a hook with %j is refused', async (wrong, pointer) => {
    const { id } = await app.create(echo)
    const response = await app.ask('POST', '/api/hooks', { body: { name: 'good', pipeline: id, ...wrong } })
    expect(await problemOf(response)).toMatchObject({ status: 422, errors: [{ pointer }] })
  })

  test('no secret of a hook is in any log', () => {
    expect(JSON.stringify(app.logged)).not.toContain('whsec_')
  })
})

import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Hook, Page, Saved } from '#server/api.ts'
import { createDatabase } from '#tests/support/postgres.ts'
import { type StartedServer, startServer } from '#tests/support/start-server.ts'
import { wire } from '#tests/support/wire.ts'

// Starting the product takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shout = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    say: { type: 'compose', config: { template: '{{q}}!' } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > say.q',
  'say.text > out.a',
)
const body = '{"q":"안녕 ✓"}'
const twenty = <T>(once: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, once))
const minutes = (count: number) => new Date(Date.now() + count * 60_000)

describe.each(['pglite', 'postgres'] as const)('a server on %s, called over twenty connections at once', (driver) => {
  let server: StartedServer
  let pipeline: string
  let hooks = 0
  const api = (method: string, path: string, sent?: unknown, headers: Record<string, string> = {}) =>
    fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json', ...headers },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    })
  const answer = async <Body>(response: Promise<Response>): Promise<Body> => (await (await response).json()) as Body
  const open = (more: Partial<Hook> = {}) =>
    answer<Hook & { secret: string; url: string }>(
      api('POST', '/api/hooks', { name: `burst-${++hooks}`, pipeline, ...more }),
    )
  const call = (hook: { url: string }, headers: Record<string, string>, text = body) =>
    fetch(server.url + hook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    })
  const sign = (secret: string, { id = 'msg_1', at = new Date(), text = body } = {}) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
  })
  const runs = async () =>
    (await answer<Page<RunRecord>>(api('GET', `/api/runs?pipeline=${pipeline}&limit=200`))).items.length

  beforeAll(async () => {
    server = await startServer(
      driver === 'postgres' ? { databaseUrl: await createDatabase(inject('postgresUrl')) } : {},
    )
    pipeline = (await answer<Saved>(api('POST', '/api/pipelines', { document: shout }))).id
    await api('POST', `/api/pipelines/${pipeline}/publish`)
  })
  afterAll(() => server.end())

  test('with one webhook-id makes one run, and gives its answer twenty times', async () => {
    const hook = await open()
    const before = await runs()
    const headers = sign(hook.secret, { id: 'msg_burst' })
    const answers = await twenty(() => call(hook, headers))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(answers.map(({ headers }) => headers.get('patchbay-run'))).size).toBe(1)
    expect(await Promise.all(answers.map((one) => one.json()))).toEqual(Array(20).fill({ a: '안녕 ✓!' }))
    expect(await runs()).toBe(before + 1)
  })

  test('with one id answered by 202 makes one run', async () => {
    const hook = await open({ mode: 'async' })
    const before = await runs()
    const answers = await twenty(() => call(hook, sign(hook.secret, { id: 'msg_async' })))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202))
    const ids = await Promise.all(answers.map(async (one) => ((await one.json()) as { id: string }).id))
    expect(new Set(ids).size).toBe(1)
    expect(await runs()).toBe(before + 1)
  })

  test('with one Idempotency-Key makes one run, at a webhook and at the API', async () => {
    const hook = await open({ auth: 'none' })
    const before = await runs()
    const atHook = await twenty(() => call(hook, { 'idempotency-key': 'one' }))
    expect(new Set(atHook.map(({ status, headers }) => `${status} ${headers.get('patchbay-run')}`)).size).toBe(1)
    expect(await runs()).toBe(before + 1)
    const atApi = await twenty(() =>
      api('POST', `/api/pipelines/${pipeline}/runs?wait=30`, JSON.parse(`{"input":${body}}`), {
        'idempotency-key': 'one',
      }),
    )
    const records = await Promise.all(atApi.map(async (one) => (await one.json()) as RunRecord))
    expect(atApi.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(records.map(({ id }) => id)).size).toBe(1)
    expect(records.every(({ output }) => output?.['a'] === '안녕 ✓!')).toBe(true)
    expect(await runs()).toBe(before + 2)
  })

  test('with one id and two bodies runs one of them, and refuses the other', async () => {
    const hook = await open()
    const before = await runs()
    const other = '{"q":"other"}'
    let at = 0
    const answers = await twenty(() => {
      const text = at++ % 2 === 0 ? body : other
      return call(hook, sign(hook.secret, { id: 'msg_two', text }), text)
    })
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(10).fill(200), ...Array(10).fill(422)])
    expect(await runs()).toBe(before + 1)
  })

  test('with twenty ids makes twenty runs', async () => {
    const hook = await open()
    const before = await runs()
    let at = 0
    const answers = await twenty(() => call(hook, sign(hook.secret, { id: `msg_of_${at++}` })))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await runs()).toBe(before + 20)
  })

  test('unsigned, with a wrong signature or six minutes off, is 401 and makes no run', async () => {
    const hook = await open()
    const before = await runs()
    const wrong = [
      {},
      sign(`whsec_${Buffer.alloc(32, 1).toString('base64')}`),
      sign(hook.secret, { text: `${body} ` }),
      sign(hook.secret, { at: minutes(-6) }),
      sign(hook.secret, { at: minutes(6) }),
      { ...sign(hook.secret), 'webhook-id': 'msg_other' },
    ]
    for (const headers of wrong) {
      const answers = await twenty(() => call(hook, headers))
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(401))
      expect(answers[0]?.headers.get('content-type')).toBe('application/problem+json')
    }
    expect(await runs()).toBe(before)
  })
})

import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import type { Hook } from '#server/api.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { rowCounts } from '#tests/support/row-counts.ts'
import { wire } from '#tests/support/wire.ts'

const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text', more: 'json' } } },
    out: { type: 'output', config: { fields: { a: 'text', b: 'json' } } },
  },
  'ask.q > out.a',
  'ask.more > out.b',
)
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** Bodies that no address takes; `Q` stands where a text may stand that is stored. */
const anywhere: [title: string, body: string][] = [
  ['nothing', ''],
  ['white space', ' \n'],
  ['half of JSON', '{"Q":'],
  ['no JSON', 'hello'],
  ['two values', '{}{}'],
  ['a list', '[]'],
  ['a number', '7'],
  ['null', 'null'],
  ['depth 10,000', `{"Q":${nested(10_000)}}`],
  ['U+0000', '{"Q":"a\\u0000b"}'],
  ['U+0000 in a key', '{"Q\\u0000":1}'],
  ['half a surrogate pair', '{"Q":"\\ud800"}'],
  ['the other half', '{"Q":"x\\udfff"}'],
  ['__proto__', '{"__proto__":{"Q":"x"}}'],
  ['a number beyond all', '{"Q":1e999}'],
]

eachDatabase('Whatever is refused', (on) => {
  let database: Database
  let app: TestApp
  let pipeline: string
  let hook: Hook & { secret: string }
  beforeAll(async () => {
    database = await on.open()
    app = await openApp(database)
    pipeline = (await app.create(echo)).id
    await app.ask('POST', `/api/pipelines/${pipeline}/publish`)
    hook = await app.answer('POST', '/api/hooks', { body: { name: 'here', pipeline } })
  })
  afterAll(() => app.stop())

  const signed = (body: string) => {
    const at = new Date()
    return {
      'webhook-id': `msg_${at.getTime()}`,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(hook.secret).sign(`msg_${at.getTime()}`, at, body),
    }
  }
  /** Every address that writes what a body says, and how the field is called that is put to the test. */
  const addresses: [title: string, field: string, send: (body: string) => Promise<Response>][] = [
    ['a new pipeline', 'document', async (body) => app.ask('POST', '/api/pipelines', { body })],
    [
      'a draft',
      'document',
      async (body) => app.ask('PUT', `/api/pipelines/${pipeline}`, { body, headers: { 'if-match': '1' } }),
    ],
    ['a run', 'input', async (body) => app.ask('POST', `/api/pipelines/${pipeline}/runs`, { body })],
    [
      'a run with a key',
      'input',
      async (body) =>
        app.ask('POST', `/api/pipelines/${pipeline}/runs`, { body, headers: { 'idempotency-key': `k${body.length}` } }),
    ],
    ['a webhook', 'q', async (body) => app.ask('POST', '/hooks/here', { body, headers: signed(body), as: null })],
    ['a new webhook', 'name', async (body) => app.ask('POST', '/api/hooks', { body })],
    ['a secret', 'value', async (body) => app.ask('PUT', '/api/secrets/x', { body })],
    ['a key', 'name', async (body) => app.ask('POST', '/api/keys', { body })],
  ]
  const cases = addresses.flatMap(([address, field, send]) =>
    anywhere.map(([title, body]) => [title, address, body.replace('Q', field), send] as const),
  )

  test.each(cases)(
    '%s for %s is a problem with a place and a way out, and leaves no row',
    async (_, __, body, send) => {
      const before = await rowCounts(database)
      const problem = await problemOf(await send(body))
      expect(problem.status).toBeGreaterThanOrEqual(400)
      expect(problem.status).toBeLessThan(500)
      // Where a value does not fit, its pointer is told; where the text does not parse, line and column.
      if (problem.status === 422) expect(problem.errors?.[0]?.pointer).toEqual(expect.any(String))
      else expect(problem.detail).toMatch(/line \d+, column \d+|empty/)
      expect(await rowCounts(database)).toEqual(before)
    },
  )

  test.each([
    ['a version that is none', { version: 0, input: { q: 'x', more: 1 } }, '/version'],
    ['a text as version', { version: '1', input: { q: 'x', more: 1 } }, '/version'],
    ['a missing field', { input: { q: 'x' } }, '/input/more'],
    ['an unknown field', { input: { q: 'x', more: 1, constructor: 1 } }, '/input/constructor'],
    ['a wrong kind', { input: { q: ['x'], more: 1 } }, '/input/q'],
    ['U+0000 deep inside', { input: { q: 'x', more: { a: [{ b: '\u0000' }] } } }, '/input/more/a/0/b'],
    ['a surrogate deep inside', { input: { q: 'x', more: { a: [{ b: '\ud834' }] } } }, '/input/more/a/0/b'],
  ])('%s in a run is named by its place', async (_, body, pointer) => {
    const before = await rowCounts(database)
    const problem = await problemOf(await app.ask('POST', `/api/pipelines/${pipeline}/runs`, { body }))
    expect([problem.status, problem.errors?.[0]?.pointer]).toEqual([422, pointer])
    expect(await rowCounts(database)).toEqual(before)
  })

  test('what is right still goes through, and is counted', async () => {
    const before = await rowCounts(database)
    const body = { input: { q: 'x', more: { deep: [1] } } }
    expect((await app.ask('POST', `/api/pipelines/${pipeline}/runs?wait=20`, { body })).status).toBe(200)
    const after = await rowCounts(database)
    expect([after['run'], after['run_step']]).toEqual([(before['run'] ?? 0) + 1, (before['run_step'] ?? 0) + 2])
  })
})

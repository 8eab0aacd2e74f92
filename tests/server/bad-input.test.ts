import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { Page, PipelineSummary, Saved } from '#server/api.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > out.a',
)
const text = (document: unknown) => JSON.stringify({ document })
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const named = (name: string) => `{"document":{"format":"patchbay/1","name":"${name}","nodes":[],"edges":[]}}`

let app: TestApp
let id: string
beforeAll(async () => {
  app = await openApp(await openDatabase({ memory: true }))
  id = (await app.create(echo)).id
})
afterAll(() => app.stop())

/** Nothing may be left of a request that was refused. */
const count = async () => (await app.answer<Page<PipelineSummary>>('GET', '/api/pipelines?limit=200')).items.length

describe('a bad document is refused, naming the place', () => {
  test.each<[string, string, number, string?]>([
    ['nothing', '', 400],
    ['white space', ' \n', 400],
    ['half a document', '{"document":{', 400],
    ['no JSON', 'hello', 400],
    ['a list', '[]', 422],
    ['a text', '"x"', 422],
    ['null', 'null', 422],
    ['no document', '{}', 422, '/document'],
    ['an unknown format', text({ ...echo, format: 'patchbay/9' }), 422, '/document/format'],
    ['a missing format', text({ name: 'x', nodes: [], edges: [] }), 422, '/document/format'],
    ['wrong types', text({ ...echo, nodes: {} }), 422, '/document/nodes'],
    [
      'a wrong type deep inside',
      text({ ...echo, nodes: [{ ...echo.nodes[0], at: ['0', 0] }] }),
      422,
      '/document/nodes/0/at/0',
    ],
    ['an unknown key', text({ ...echo, reactFlow: {} }), 422],
    ['duplicate ids', text({ ...echo, nodes: [echo.nodes[0], echo.nodes[0]] }), 422, '/document/nodes/1/id'],
    ['an id that is no id', text({ ...echo, nodes: [{ ...echo.nodes[0], id: 'a b' }] }), 422, '/document/nodes/0/id'],
    ['an edge without a port', text({ ...echo, edges: [{ from: 'ask', to: 'out.a' }] }), 422, '/document/edges/0/from'],
    ['U+0000', named('a\\u0000b'), 422, '/document/name'],
    ['half a surrogate pair', named('\\ud800'), 422, '/document/name'],
    ['half a surrogate pair as a key', '{"document":{"\\udfff":1}}', 422],
    ['__proto__', '{"document":{"__proto__":{"x":1},"format":"patchbay/1","name":"x","nodes":[],"edges":[]}}', 422],
    ['__proto__ in a config', text(echo).replace('"fields":{', '"fields":{"__proto__":"text",'), 422],
    ['depth 10,000', `{"document":${nested(10_000)}}`, 422],
    ['depth 1,000,000', `{"document":${nested(1_000_000)}}`, 422],
    ['a number beyond all', text(echo).replace('"at":[0,0]', '"at":[1e999,0]'), 422],
    [
      '5,001 nodes',
      text({ ...echo, nodes: Array.from({ length: 5_001 }, (_, at) => ({ ...echo.nodes[0], id: `n${at}` })) }),
      422,
      '/document/nodes',
    ],
    [
      'a document over 5 MB',
      text({ ...echo, description: undefined, nodes: [{ ...echo.nodes[0], config: { x: 'x'.repeat(5_100_000) } }] }),
      422,
    ],
    ['a body over the limit', text({ ...echo, description: 'x'.repeat(9_000_000) }), 413],
  ])('%s', async (_, body, status, pointer) => {
    const before = await count()
    const problem = await problemOf(await app.ask('POST', '/api/pipelines', { body }))
    expect([problem.status, problem.detail]).toEqual([status, expect.any(String)])
    if (pointer !== undefined) expect(problem.errors?.[0]?.pointer).toBe(pointer)
    expect(await count()).toBe(before)
    const put = await app.ask('PUT', `/api/pipelines/${id}`, { body, headers: { 'if-match': '1' } })
    expect(put.status).toBe(status)
  })

  test('bytes that are no UTF-8', async () => {
    const response = await app.app.request('/api/pipelines', {
      method: 'POST',
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      headers: { authorization: 'Bearer an-admin-token-for-tests' },
    })
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'bad-json' })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
  ])('the content type %s, which a foreign page could send', async (type) => {
    const response = await app.ask('POST', '/api/pipelines', { body: text(echo), headers: { 'content-type': type } })
    expect(await problemOf(response)).toMatchObject({ status: 415, code: 'unsupported-type' })
  })

  test('60 MB without a declared length are refused as soon as the limit is passed', async () => {
    let pulled = 0
    const chunk = new Uint8Array(1_000_000).fill(0x20)
    const body = new ReadableStream({
      pull: (controller) => {
        pulled++
        if (pulled > 60) controller.close()
        // The rest does not come before the answer: whoever waits for it waits for ever.
        else if (pulled <= 12) controller.enqueue(chunk)
      },
    })
    const response = await app.app.request('/api/pipelines', {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer an-admin-token-for-tests', 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit)
    expect(await problemOf(response)).toMatchObject({ status: 413, code: 'too-large' })
  })
})

describe('a bad run input is refused, naming the field', () => {
  test.each<[string, unknown, string]>([
    ['a missing field', { input: {} }, '/input/q'],
    ['an unknown field', { input: { q: 'x', z: 1 } }, '/input/z'],
    ['a number for a text', { input: { q: 3 } }, '/input/q'],
    ['a list', { input: [] }, '/input'],
    ['U+0000', { input: { q: '\u0000' } }, '/input/q'],
    ['a version that is none', { input: { q: 'x' }, version: -1 }, '/version'],
  ])('%s', async (_, body, pointer) => {
    const problem = await problemOf(await app.ask('POST', `/api/pipelines/${id}/runs`, { body }))
    expect([problem.status, problem.errors?.[0]?.pointer]).toEqual([422, pointer])
    expect(await app.answer('GET', '/api/runs')).toEqual({ items: [], next: null })
  })
  test('a version that does not exist', async () => {
    const response = await app.ask('POST', `/api/pipelines/${id}/runs`, { body: { input: { q: 'x' }, version: 7 } })
    expect(await problemOf(response)).toMatchObject({ status: 404 })
  })
})

describe('addresses', () => {
  test.each(['/api', '/api/nothing', '/api/pipelines/x/y/z', '/auth/nothing', '/api/%ff', '/api/pipelines/%00'])(
    '%s is a problem, not a page',
    async (path) =>
      expect(await problemOf(await app.ask('GET', path))).toMatchObject({ status: 404, code: 'not-found' }),
  )
  test('/v1/nothing is an error as clients of OpenAI read it', async () => {
    const answer = await app.ask('GET', '/v1/nothing')
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
  })
  test.each(['not-a-uuid', "' or 1=1 --", '%00', '01a20a92-54e5-7ef8-944e-8f3e7ecc88fa'])(
    'an id such as %s is not found',
    async (bad) => {
      for (const path of [
        `/api/pipelines/${bad}`,
        `/api/runs/${bad}`,
        `/api/runs/${bad}/events`,
        `/api/runs/${bad}/steps`,
      ]) {
        expect(await problemOf(await app.ask('GET', path))).toMatchObject({ status: 404 })
      }
    },
  )
  test('another method is told which ones there are', async () => {
    const response = await app.ask('PATCH', `/api/pipelines/${id}`, { body: {} })
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE')
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method-not-allowed' })
  })
  test.each(['limit=0', 'limit=201', 'limit=x'])('a list does not take ?%s', async (query) => {
    expect(await problemOf(await app.ask('GET', `/api/runs?${query}`))).toMatchObject({ status: 400 })
  })
  test('a cursor that is none is an empty page or an error, never a failure', async () => {
    for (const path of ['/api/runs', '/api/pipelines']) {
      expect((await app.ask('GET', `${path}?cursor=%27x`)).status).toBeLessThan(500)
    }
  })
})

describe('whatever JSON arrives, no address breaks', () => {
  const bodies = fc.oneof(
    fc.json(),
    fc
      .jsonValue()
      .map((value) =>
        JSON.stringify({ document: value, input: value, version: value, name: value, value, scope: value }),
      ),
    fc.string({ unit: 'binary' }),
  )
  const paths = () =>
    fc.constantFrom(
      ['POST', '/api/pipelines'],
      ['PUT', `/api/pipelines/${id}`],
      ['POST', `/api/pipelines/${id}/runs`],
      ['POST', `/api/pipelines/${id}/publish`],
      ['POST', '/api/hooks'],
      ['POST', '/hooks/none'],
      ['PUT', '/api/secrets/x'],
      ['POST', '/api/keys'],
      ['POST', '/api/session'],
      ['POST', '/api/examples/none'],
    )
  test('random bodies never give a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constant(null).chain(paths), bodies, async ([method, path], body) => {
        const response = await app.ask(method as string, path as string, { body, headers: { 'if-match': '999' } })
        expect([response.status, body].slice(0, response.status >= 500 ? 2 : 0)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
  test('random documents that are nearly right never give a 5xx, and what is saved reads back the same', async () => {
    let kept = 0
    const value = fc.jsonValue({ maxDepth: 3 })
    const near = fc.record(
      {
        format: fc.constant('patchbay/1'),
        name: fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), value),
        description: fc.string({ unit: 'grapheme' }),
        nodes: fc.oneof(
          value,
          fc.array(
            fc.record({
              id: fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.string()),
              type: fc.constantFrom('input', 'output', 'prompt', 'nothing'),
              version: fc.oneof(fc.constant(1), fc.integer()),
              config: fc.oneof(fc.dictionary(fc.string(), value), fc.constant({ fields: { q: 'text' } })),
              at: fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })),
            }),
            { maxLength: 4 },
          ),
        ),
        edges: fc.oneof(
          fc.constant([]),
          fc.array(fc.record({ from: fc.constantFrom('a.q', 'a', 'b.x'), to: fc.constantFrom('c.y', 'b.q') })),
        ),
      },
      { requiredKeys: ['format', 'name'] },
    )
    await fc.assert(
      fc.asyncProperty(near, async (document) => {
        const response = await app.ask('POST', '/api/pipelines', { body: text(document) })
        expect(response.status).toBeLessThan(500)
        if (response.status !== 201) return
        kept++
        const saved = (await response.json()) as Saved
        const back = await app.answer<{ document: unknown }>('GET', `/api/pipelines/${saved.id}`)
        expect(back.document).toEqual(JSON.parse(JSON.stringify(document)))
        await app.ask('DELETE', `/api/pipelines/${saved.id}`)
      }),
      { numRuns: 200 },
    )
    expect(kept).toBeGreaterThan(0)
  })
  test('nothing of all this was logged as an error', () => {
    expect(app.logged.filter((line) => line.level === 'error')).toEqual([])
  })
})

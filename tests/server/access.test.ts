import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { Page, Session } from '#server/api.ts'
import { adminToken, openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const empty = wire({ out: { type: 'output', config: { fields: {} } } })

let app: TestApp
let id: string
beforeAll(async () => {
  app = await openApp(await openDatabase({ memory: true }))
  id = (await app.create(empty)).id
})
afterAll(() => app.stop())

const newKey = (scope: string) =>
  app.answer<{ id: string; key: string }>('POST', '/api/keys', { body: { name: `a ${scope} key`, scope } })

describe('who may do what', () => {
  const calls: [method: string, path: string, body: unknown, needs: 'run' | 'edit' | 'admin'][] = [
    ['GET', '/api/pipelines', undefined, 'run'],
    ['GET', '/api/catalogue', undefined, 'run'],
    ['GET', '/api/models', undefined, 'run'],
    ['GET', '/api/runs', undefined, 'run'],
    ['GET', '/api/examples', undefined, 'run'],
    ['GET', '/metrics', undefined, 'run'],
    ['POST', '/api/artifacts', 'bytes', 'run'],
    ['POST', '/api/pipelines', { document: empty }, 'edit'],
    ['GET', '/api/hooks', undefined, 'edit'],
    ['GET', '/api/secrets', undefined, 'edit'],
    ['PUT', '/api/secrets/a', { value: 'x' }, 'admin'],
    ['GET', '/api/keys', undefined, 'admin'],
    ['POST', '/api/keys', { name: 'k', scope: 'run' }, 'admin'],
  ]
  const rank = ['serve', 'run', 'edit', 'admin']
  test.each(rank)('a key with the scope %s', async (scope) => {
    const { key } = await newKey(scope)
    for (const [method, path, body, needs] of calls) {
      const response = await app.ask(method, path, { body, as: key })
      const allowed = rank.indexOf(scope) >= rank.indexOf(needs)
      expect([method, path, response.ok]).toEqual([method, path, allowed])
      if (!allowed) expect(await problemOf(response)).toMatchObject({ status: 403, code: 'forbidden' })
    }
  })
  test.each([null, 'wrong', `${adminToken}x`, '', 'a b'])('with the token %j nobody gets in', async (as) => {
    for (const [method, path, body] of calls) {
      expect(await problemOf(await app.ask(method, path, { body, as }))).toMatchObject({ status: 401, code: 'sign-in' })
    }
    expect(await problemOf(await app.ask('GET', `/api/pipelines/${id}/export`, { as }))).toMatchObject({ status: 401 })
  })
  test('health, the API description and the session are open', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/api/session']) {
      expect([path, (await app.ask('GET', path, { as: null })).status]).toEqual([path, 200])
    }
  })
  test('a revoked key no longer opens anything', async () => {
    const { id: key, key: token } = await newKey('run')
    expect((await app.ask('GET', '/api/runs', { as: token })).status).toBe(200)
    expect((await app.ask('DELETE', `/api/keys/${key}`)).status).toBe(204)
    expect((await app.ask('GET', '/api/runs', { as: token })).status).toBe(401)
  })
  test('lists of keys hold no keys', async () => {
    const { key } = await newKey('edit')
    const list = await app.answer<Page<{ scope: string }>>('GET', '/api/keys')
    expect(list.items.map((one) => one.scope)).toContain('edit')
    expect(JSON.stringify(list)).not.toContain(key.slice(-20))
  })
})

describe('signing in', () => {
  const link = (token: string, to = '') =>
    app.ask('GET', `/auth/sign-in?token=${token}${to}`, { as: null, headers: { 'sec-fetch-site': 'none' } })
  const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] as string
  const session = (cookie: string) => app.answer<Session>('GET', '/api/session', { as: null, headers: { cookie } })

  test('a link signs in once, by a cookie that scripts and other sites do not get', async () => {
    const token = app.signIn.issue()
    const response = await link(token, `&to=/p/${id}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toMatch(
      /^patchbay-test=.+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(await response.text()).toContain(`url=/p/${id}`)
    expect(await session(cookieOf(response))).toMatchObject({ signedIn: true, workspace: 'local' })
    const again = await link(token)
    expect([again.status, await again.text()]).toEqual([401, expect.stringContaining('url=/"')])
    expect(again.headers.get('set-cookie')).toBeNull()
  })
  test.each(['//evil.example.com', 'https://evil.example.com', '/\\evil', '"><script>'])(
    'a link does not lead to %s',
    async (to) => {
      const page = await (await link(app.signIn.issue(), `&to=${encodeURIComponent(to)}`)).text()
      expect(page).toContain('url=/"')
      expect(page).not.toContain('evil')
      expect(page).not.toContain('<script')
    },
  )
  test('signing out ends the session on the server too', async () => {
    const cookie = cookieOf(await link(app.signIn.issue()))
    expect((await app.ask('DELETE', '/api/session', { as: null, headers: { cookie } })).status).toBe(204)
    expect(await session(cookie)).toMatchObject({ signedIn: false, workspace: '' })
  })
  test('an admin key signs a browser in, another key does not', async () => {
    const sign = (token: string) => app.ask('POST', '/api/session', { as: null, body: { token } })
    const { key } = await newKey('run')
    expect((await sign(key)).status).toBe(401)
    expect((await sign('nonsense')).status).toBe(401)
    const good = await sign(adminToken)
    expect(good.status).toBe(204)
    expect(await session(cookieOf(good))).toMatchObject({ signedIn: true })
  })
  test('a page of another origin gets nothing done with a good cookie', async () => {
    const cookie = cookieOf(await link(app.signIn.issue()))
    const from = (origin: string, host = 'localhost:4747') =>
      app.ask('POST', '/api/pipelines', { as: null, body: { document: empty }, headers: { cookie, origin, host } })
    expect((await from('http://localhost:4747')).status).toBe(201)
    expect(await problemOf(await from('http://localhost:3000'))).toMatchObject({ status: 403, code: 'origin-refused' })
    expect(await problemOf(await from('http://rebound.example.com', 'rebound.example.com'))).toMatchObject({
      code: 'host-refused',
    })
  })
})

describe('secrets', () => {
  const value = 'sk-very-secret-value'
  test('are listed by name and never told', async () => {
    expect((await app.ask('PUT', '/api/secrets/openai', { body: { value } })).status).toBe(204)
    const list = await app.ask('GET', '/api/secrets')
    const text = await list.text()
    expect(JSON.parse(text).items).toContainEqual(expect.objectContaining({ name: 'openai' }))
    expect(text).not.toContain(value)
    expect(await app.stores.secrets.read('local', 'openai')).toBe(value)
    expect((await app.ask('GET', '/api/secrets/openai')).status).toBe(405)
  })
  test('are not in errors or logs when their body is wrong', async () => {
    const bodies = [`{"value":"${value}"`, JSON.stringify({ wrong: value }), JSON.stringify({ value: [value] })]
    for (const body of bodies) {
      const response = await app.ask('PUT', '/api/secrets/openai', { body })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(await response.text()).not.toContain(value)
    }
    expect(JSON.stringify(app.logged)).not.toContain(value)
  })
  test('are gone when deleted', async () => {
    await app.ask('PUT', '/api/secrets/gone', { body: { value } })
    expect((await app.ask('DELETE', '/api/secrets/gone')).status).toBe(204)
    expect(await app.stores.secrets.read('local', 'gone')).toBeUndefined()
    expect((await app.ask('DELETE', '/api/secrets/gone')).status).toBe(404)
  })
})

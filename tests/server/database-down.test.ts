import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import { type Link, openLink } from '#tests/support/cuttable-link.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { createDatabase } from '#tests/support/postgres.ts'
import { wire } from '#tests/support/wire.ts'

vi.setConfig({ testTimeout: 60_000 })

const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > out.a',
)
let link: Link
let app: TestApp
beforeAll(async () => {
  link = await openLink(await createDatabase(inject('postgresUrl')))
  app = await openApp(await openDatabase({ url: link.url }))
})
afterAll(async () => {
  await app.stop()
  await link.close()
})

test('without its database the server says 503 within 2 seconds and when to come back, and goes on when it is there again', async () => {
  const { id } = await app.create(echo)
  await app.ask('POST', `/api/pipelines/${id}/publish`)
  const hook = { name: 'h', pipeline: id, auth: 'none' }
  await app.ask('POST', '/api/hooks', { body: hook })
  const call = (headers = {}) => app.ask('POST', '/hooks/h', { body: { q: 'x' }, as: null, headers })
  expect((await call()).status).toBe(200)

  link.cut()
  const refused = async (ask: () => Response | Promise<Response>) => {
    const began = performance.now()
    const response = await ask()
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    return response
  }
  // The hook itself is still known, so this is the engine's refusal.
  expect(await problemOf(await refused(() => call({ 'idempotency-key': 'k' })))).toMatchObject({ status: 503 })
  expect(await problemOf(await refused(() => app.ask('GET', '/api/pipelines')))).toMatchObject({
    status: 503,
    code: 'unavailable',
  })
  expect((await refused(() => app.ask('GET', '/readyz', { as: null }))).status).toBe(503)
  expect((await app.ask('GET', '/healthz', { as: null })).status).toBe(200)

  link.mend()
  await expect.poll(async () => (await app.ask('GET', '/readyz', { as: null })).status, { timeout: 20_000 }).toBe(200)
  await expect
    .poll(async () => (await call({ 'idempotency-key': 'later' })).status, { timeout: 20_000, interval: 500 })
    .toBe(200)
})

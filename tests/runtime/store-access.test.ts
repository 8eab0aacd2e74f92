import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey, deleteApiKey, findApiKey, listApiKeys } from '#runtime/store/api-keys.ts'
import type { Database } from '#runtime/store/database.ts'
import { createHook, deleteHook, findHook, listHooks } from '#runtime/store/hooks.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import { deleteSecret, listSecrets, putSecret, readSecret } from '#runtime/store/secrets.ts'
import { createSession, endSession, findSession } from '#runtime/store/sessions.ts'
import { eachDatabase, openOnce } from '#tests/support/databases.ts'

const key = 'k'.repeat(32)
const sealer = openSealer({ key, folder: '/nowhere', shared: true })
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-key-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the key file is made once, for this user alone, and seals for the next start', async () => {
  const settings = { key: undefined, folder, shared: false }
  const sealed = openSealer(settings).seal({ workspace: 'w', id: 'i' }, 'value')
  expect((await stat(join(folder, 'key'))).mode & 0o777).toBe(0o600)
  expect(openSealer(settings).open({ workspace: 'w', id: 'i' }, sealed)).toBe('value')
  expect((await readFile(join(folder, 'key'), 'utf8')).length).toBe(44)
})

test('a shared database needs a key from outside, and a good one', () => {
  expect(() => openSealer({ key: undefined, folder, shared: true })).toThrow('set PATCHBAY_KEY')
  expect(() => openSealer({ key: 'short', folder, shared: true })).toThrow('32 characters')
})

test('a sealed value opens only where it belongs, unchanged, with its key', () => {
  const as = { workspace: 'w', id: 'i' }
  const sealed = sealer.seal(as, 'value')
  expect(Buffer.from(sealed).includes('value')).toBe(false)
  expect(sealer.seal(as, 'value')).not.toEqual(sealed)
  const changed = sealed.with(-1, (sealed.at(-1) ?? 0) ^ 1)
  const other = openSealer({ key: 'o'.repeat(32), folder, shared: true })
  expect(() => sealer.open({ workspace: 'w', id: 'j' }, sealed)).toThrow('does not open')
  expect(() => sealer.open({ workspace: 'x', id: 'i' }, sealed)).toThrow('does not open')
  expect(() => sealer.open(as, changed)).toThrow('does not open')
  expect(() => other.open(as, sealed)).toThrow('does not open')
  expect(() => sealer.open(as, new Uint8Array())).toThrow('does not open')
})

eachDatabase('Access', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  test('secrets are read back by steps, replaced whole, and listed without values', async () => {
    await putSecret(database.query, sealer, 'local', 'API', 'one')
    await putSecret(database.query, sealer, 'local', 'API', 'two')
    expect(await readSecret(database.query, sealer, 'local', 'API')).toBe('two')
    expect(await readSecret(database.query, sealer, 'elsewhere', 'API')).toBeUndefined()
    expect(JSON.stringify(await listSecrets(database.query, 'local'))).not.toContain('two')
    const stored = JSON.stringify(await database.query(`select encode(sealed, 'escape') as sealed from secret`))
    expect(stored).not.toContain('two')
    expect(await deleteSecret(database.query, 'local', 'API')).toBe(true)
    expect(await readSecret(database.query, sealer, 'local', 'API')).toBeUndefined()
  })

  test('a secret saved by several at once is one of them, and opens', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((value) => putSecret(database.query, sealer, 'local', 'RACE', value)))
    expect(['a', 'b', 'c', 'd']).toContain(await readSecret(database.query, sealer, 'local', 'RACE'))
    expect(await listSecrets(database.query, 'local')).toHaveLength(1)
  })

  test('an API key opens by its token only, which is stored nowhere', async () => {
    const { id, token } = await createApiKey(database.query, 'local', 'CI', 'run')
    expect(token).toMatch(/^pb_key_[\w-]{43}$/)
    expect(await findApiKey(database.query, token)).toEqual({
      id,
      workspace: 'local',
      name: 'CI',
      scope: 'run',
      only: null,
    })
    expect(await findApiKey(database.query, `${token}x`)).toBeUndefined()
    expect((await listApiKeys(database.query, 'local'))[0]?.usedAt).toEqual(expect.any(String))
    const limited = await createApiKey(database.query, 'local', 'app', 'serve', ['tickets'])
    expect(await findApiKey(database.query, limited.token)).toMatchObject({ scope: 'serve', only: ['tickets'] })
    expect((await listApiKeys(database.query, 'local')).map((one) => one.only)).toEqual([null, ['tickets']])
    expect(await deleteApiKey(database.query, 'local', limited.id)).toBe(true)
    const stored = JSON.stringify(await database.query('select * from api_key'))
    expect(stored).not.toContain(token.slice(7))
    expect(await deleteApiKey(database.query, 'elsewhere', id)).toBe(false)
    expect(await deleteApiKey(database.query, 'local', id)).toBe(true)
    expect(await findApiKey(database.query, token)).toBeUndefined()
  })

  test('a session lasts until it is ended or over', async () => {
    const [ended, over] = [await createSession(database.query, 'local'), await createSession(database.query, 'local')]
    expect(await findSession(database.query, ended)).toBe('local')
    await endSession(database.query, ended)
    expect(await findSession(database.query, ended)).toBeUndefined()
    await database.query(`update session set expires_at = now() - interval '1 s'`)
    expect(await findSession(database.query, over)).toBeUndefined()
  })

  test('a hook has one name, and its secret comes with it', async () => {
    const settings = {
      name: 'tickets',
      pipeline: '01a20a87-072b-7dd3-8a76-6a7a8530a4b7',
      version: 'latest',
      mode: 'sync',
      auth: 'standard',
    } as const
    const hook = await createHook(database.query, sealer, 'local', settings, 'whsec_x')
    expect(hook).toMatchObject(settings)
    expect(await createHook(database.query, sealer, 'local', { ...settings, mode: 'async' }, null)).toBeUndefined()
    expect(await findHook(database.query, sealer, 'tickets')).toEqual({ hook, secret: 'whsec_x' })
    await createHook(database.query, sealer, 'local', { ...settings, name: 'open', version: 2, auth: 'none' }, null)
    expect(await findHook(database.query, sealer, 'open')).toMatchObject({ hook: { version: 2 }, secret: null })
    expect((await listHooks(database.query, 'local')).map((one) => one.name)).toEqual(['open', 'tickets'])
    expect(await deleteHook(database.query, 'local', 'open')).toBe(true)
    expect(await findHook(database.query, sealer, 'open')).toBeUndefined()
  })
})

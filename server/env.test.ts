import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EnvironmentError, readEnvironment } from './env.ts'

describe('the environment', () => {
  test('without any variable the server stays on this machine, port 4747', () => {
    expect(readEnvironment({})).toMatchObject({
      host: '127.0.0.1',
      port: 4747,
      data: resolve('.patchbay'),
      runs: 500,
      open: true,
    })
  })
  test('an empty variable counts as unset', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: '', HOST: '' })).toEqual(readEnvironment({}))
  })
  test('times for answers to begin are given in seconds, and are unset without a variable', () => {
    expect(readEnvironment({}).begin).toEqual({})
    expect(readEnvironment({ PATCHBAY_HEDGE_AFTER: '0.5', PATCHBAY_FIRST_BYTE: '60' }).begin).toEqual({
      hedgeAfter: 500,
      firstByte: 60_000,
    })
  })
  test('other machines are let in only with an admin token', () => {
    expect(() => readEnvironment({ HOST: '0.0.0.0' })).toThrow(/PATCHBAY_ADMIN_TOKEN/)
    expect(readEnvironment({ HOST: '0.0.0.0', PATCHBAY_ADMIN_TOKEN: 'a-token-of-some-length' }).host).toBe('0.0.0.0')
  })
  test.each([
    ['PORT', 'x'],
    ['PORT', '70000'],
    ['PATCHBAY_RUNS', '0'],
    ['PATCHBAY_HEDGE_AFTER', '0'],
    ['DATABASE_URL', 'mysql://x'],
    ['PATCHBAY_ADMIN_TOKEN', 'short'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(EnvironmentError)
    expect(() => readEnvironment({ [name]: value })).toThrow(name)
  })
})

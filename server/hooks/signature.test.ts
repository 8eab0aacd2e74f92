import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../errors.ts'
import { checkSignature, type HookAuth, hookKey, newHookSecret } from './signature.ts'

const now = Date.UTC(2026, 10, 23)
const minutes = 60_000
const body = '{"ticket":"My invoice is wrong ✓"}'

const passes = (auth: HookAuth, secret: string, headers: Record<string, string>, text = body): boolean => {
  try {
    const header = (name: string) => headers[name]
    checkSignature(auth, hookKey(auth, secret), { body: Buffer.from(text), header, now })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.code === 'bad-signature') return false
    throw error
  }
}

describe('Standard Webhooks', () => {
  const secret = newHookSecret('standard') as string
  const signed = (at = now, by = secret) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(by).sign('msg_1', new Date(at), body),
  })
  test('what the public package signs is accepted', () => expect(passes('standard', secret, signed())).toBe(true))
  test('one good signature among several is enough: secrets are rotated', () => {
    const headers = signed()
    headers['webhook-signature'] = `v1,AAAA v1a,zzz ${headers['webhook-signature']}`
    expect(passes('standard', secret, headers)).toBe(true)
  })
  test.each([4, -4])('%i minutes off is accepted', (off) =>
    expect(passes('standard', secret, signed(now - off * minutes))).toBe(true),
  )
  test.each([6, -6])('%i minutes off is refused', (off) =>
    expect(passes('standard', secret, signed(now - off * minutes))).toBe(false),
  )
  test('another secret is refused', () =>
    expect(passes('standard', secret, signed(now, newHookSecret('standard')))).toBe(false))
  test('another body is refused', () => expect(passes('standard', secret, signed(), `${body} `)).toBe(false))
  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s it is refused', (name) => {
    const { [name as 'webhook-id']: _, ...rest } = signed()
    expect(passes('standard', secret, rest)).toBe(false)
  })
  test.each([
    ['webhook-id', 'msg_2'],
    ['webhook-timestamp', 'soon'],
    ['webhook-timestamp', String(Math.floor(now / 1000) + 1)],
    ['webhook-signature', 'v1,'],
    ['webhook-signature', 'v2,abc'],
    ['webhook-signature', ''],
  ])('%s = "%s" is refused', (name, value) =>
    expect(passes('standard', secret, { ...signed(), [name]: value })).toBe(false),
  )
})

describe('other senders', () => {
  const hex = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')
  test('GitHub signs the body', () => {
    const secret = newHookSecret('github') as string
    expect(passes('github', secret, { 'x-hub-signature-256': `sha256=${hex(secret, body)}` })).toBe(true)
    expect(passes('github', secret, { 'x-hub-signature-256': `sha256=${hex('other', body)}` })).toBe(false)
    expect(passes('github', secret, {})).toBe(false)
  })
  test('Stripe signs moment and body', () => {
    const secret = newHookSecret('stripe') as string
    const at = (off: number) => String(now / 1000 + off)
    const header = (off: number, by = secret) => ({
      'stripe-signature': `t=${at(off)},v1=${hex(by, `${at(off)}.${body}`)},v0=old`,
    })
    expect(passes('stripe', secret, header(0))).toBe(true)
    expect(passes('stripe', secret, header(-360))).toBe(false)
    expect(passes('stripe', secret, header(0, 'other'))).toBe(false)
    expect(passes('stripe', secret, { 'stripe-signature': 'v1=00' })).toBe(false)
  })
  test('a bearer secret is compared whole', () => {
    const secret = newHookSecret('bearer') as string
    expect(passes('bearer', secret, { authorization: `Bearer ${secret}` })).toBe(true)
    expect(passes('bearer', secret, { authorization: `Bearer ${secret}x` })).toBe(false)
    expect(passes('bearer', secret, { authorization: secret })).toBe(false)
    expect(passes('bearer', secret, {})).toBe(false)
  })
})

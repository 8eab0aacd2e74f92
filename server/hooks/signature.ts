import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../errors.ts'
import { sameText } from '../tokens.ts'

export const hookAuths = ['standard', 'bearer', 'github', 'stripe', 'none'] as const
export type HookAuth = (typeof hookAuths)[number]

/** A signed moment may be this far off in either direction: long enough for clocks, too short for replays. */
const tolerance = 5 * 60

/** The secret of a new hook, in the form its kind of sender expects. */
export const newHookSecret = (auth: HookAuth): string | undefined => {
  switch (auth) {
    case 'none':
      return undefined
    case 'standard':
    case 'stripe':
      return `whsec_${randomBytes(32).toString('base64')}`
    case 'bearer':
    case 'github':
      return randomBytes(32).toString('base64url')
  }
}

/** What a hook checks with, made once per hook: a plain Buffer as HMAC key costs 22 µs a call, a KeyObject 5 µs. */
export type HookKey = { secret: string; hmac: KeyObject }

export const hookKey = (auth: HookAuth, secret: string): HookKey => ({
  secret,
  hmac: createSecretKey(
    auth === 'standard' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : Buffer.from(secret, 'utf8'),
  ),
})

const refuse = (detail: string): ApiError => new ApiError('bad-signature', detail)
const equal = (a: Buffer, b: Buffer): boolean => a.byteLength === b.byteLength && timingSafeEqual(a, b)

const checkMoment = (seconds: string, now: number): void => {
  if (!/^\d{1,12}$/.test(seconds)) throw refuse('The timestamp of the signature is not a number of seconds.')
  const off = Math.abs(now / 1000 - Number(seconds))
  if (off > tolerance) {
    throw refuse(`The timestamp is ${Math.round(off)} seconds off. Check the sender's clock; 300 seconds are allowed.`)
  }
}

type Signed = { body: Uint8Array; header: (name: string) => string | undefined; now: number }

/** https://www.standardwebhooks.com: HMAC-SHA256 over `id.timestamp.body`; several signatures may stand side by side. */
const checkStandard = ({ hmac }: HookKey, { body, header, now }: Signed): void => {
  const id = header('webhook-id')
  const at = header('webhook-timestamp')
  const signatures = header('webhook-signature')
  if (!id || !at || !signatures) {
    throw refuse('Send webhook-id, webhook-timestamp and webhook-signature, as Standard Webhooks says.')
  }
  checkMoment(at, now)
  const expected = createHmac('sha256', hmac).update(`${id}.${at}.`).update(body).digest()
  const given = signatures.split(' ').filter((part) => part.startsWith('v1,'))
  if (!given.some((part) => equal(expected, Buffer.from(part.slice(3), 'base64')))) {
    throw refuse('The signature does not belong to this body and secret.')
  }
}

/** GitHub: `X-Hub-Signature-256: sha256=<hex>` over the body. */
const checkGitHub = ({ hmac }: HookKey, { body, header }: Signed): void => {
  const expected = createHmac('sha256', hmac).update(body).digest()
  const given = /^sha256=([0-9a-f]{64})$/i.exec(header('x-hub-signature-256') ?? '')?.[1]
  if (given === undefined || !equal(expected, Buffer.from(given, 'hex'))) {
    throw refuse('X-Hub-Signature-256 is missing or does not belong to this body and secret.')
  }
}

/** Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>` over `t.body`. */
const checkStripe = ({ hmac }: HookKey, { body, header, now }: Signed): void => {
  const parts = (header('stripe-signature') ?? '').split(',').map((part) => part.trim().split('=', 2))
  const at = parts.find(([name]) => name === 't')?.[1]
  if (at === undefined) throw refuse('Stripe-Signature is missing.')
  checkMoment(at, now)
  const expected = createHmac('sha256', hmac).update(`${at}.`).update(body).digest()
  if (!parts.some(([name, value]) => name === 'v1' && equal(expected, Buffer.from(value ?? '', 'hex')))) {
    throw refuse('Stripe-Signature does not belong to this body and secret.')
  }
}

const checkBearer = ({ secret }: HookKey, { header }: Signed): void => {
  const given = /^Bearer +(\S+)$/i.exec(header('authorization') ?? '')?.[1]
  if (given === undefined || !sameText(given, secret)) {
    throw refuse("Send the hook's secret as Authorization: Bearer.")
  }
}

/**
 * Lets a request pass or throws.
 * @throws ApiError `bad-signature`
 */
export const checkSignature = (auth: HookAuth, key: HookKey, signed: Signed): void => {
  switch (auth) {
    case 'none':
      return
    case 'standard':
      return checkStandard(key, signed)
    case 'github':
      return checkGitHub(key, signed)
    case 'stripe':
      return checkStripe(key, signed)
    case 'bearer':
      return checkBearer(key, signed)
  }
}

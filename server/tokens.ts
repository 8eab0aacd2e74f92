import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, as text that is safe in addresses and headers. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token at rest. Tokens are random, so a plain digest cannot be guessed backwards. */
export const digestOf = (token: string): string => hash('sha256', token)

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer')

/** Compares in constant time; digests make the lengths equal. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

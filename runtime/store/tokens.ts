import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits with a prefix that secret scanners can find, e.g. `pb_key_…`. */
export const newToken = (prefix: string): string => `${prefix}${randomBytes(32).toString('base64url')}`

/** Tokens have full entropy, so a plain digest is as good as a slow one; only digests are stored. */
export const digestToken = (token: string): Uint8Array => Uint8Array.from(hash('sha256', token, 'buffer'))

/** Compares two tokens in a time that tells nothing of where they differ. */
export const sameToken = (a: string, b: string): boolean => timingSafeEqual(digestToken(a), digestToken(b))

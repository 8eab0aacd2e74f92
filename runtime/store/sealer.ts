import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** What a sealed value is bound to: it opens nowhere else. */
export type SealedAs = { workspace: string; id: string }
export type Sealer = {
  seal: (as: SealedAs, value: string) => Uint8Array
  /** Throws when the key is another one, or the row was moved or changed. */
  open: (as: SealedAs, sealed: Uint8Array) => string
}

/** First byte of a sealed value, then 12 bytes nonce, 16 bytes tag, and the rest. */
const format = 1
const bindingOf = ({ workspace, id }: SealedAs): Buffer => Buffer.from(JSON.stringify([workspace, id]))

const createSealer = (key: Uint8Array): Sealer => ({
  seal: (as, value) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(bindingOf(as))
    const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
    return Uint8Array.from(Buffer.concat([Buffer.from([format]), nonce, cipher.getAuthTag(), body]))
  },
  open: (as, sealed) => {
    try {
      if (sealed[0] !== format) throw new Error(`unknown format ${sealed[0]}`)
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13), { authTagLength: 16 })
      decipher.setAAD(bindingOf(as))
      decipher.setAuthTag(sealed.subarray(13, 29))
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new Error(
        'A stored secret does not open with this key. Start Patchbay with the PATCHBAY_KEY that it was saved with, or save the secret again.',
        { cause },
      )
    }
  },
})

/** Any text of 32 characters and more; `openssl rand -base64 32` makes one. */
const keyFromText = (text: string): Uint8Array => {
  if (text.length < 32)
    throw new Error(
      'PATCHBAY_KEY is too short: it needs 32 characters or more. `openssl rand -base64 32` makes a good one.',
    )
  return new Uint8Array(hkdfSync('sha256', text, '', 'patchbay secrets', 32))
}

const writeNewKey = (file: string): void => {
  // `wx`: of two processes that start at once, one writes and the other reads.
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, randomBytes(32).toString('base64'))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const keyFromFile = (folder: string): Uint8Array => {
  const file = join(folder, 'key')
  mkdirSync(folder, { recursive: true })
  try {
    writeNewKey(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  return keyFromText(readFileSync(file, 'utf8'))
}

/**
 * Opens the key that seals secrets: `PATCHBAY_KEY`, or else a file in the data folder that only this user can read.
 * On a shared PostgreSQL the key must come from outside: every process needs the same, and none may keep it beside the data.
 */
export const openSealer = (settings: { key: string | undefined; folder: string; shared: boolean }): Sealer => {
  if (settings.key !== undefined && settings.key !== '') return createSealer(keyFromText(settings.key))
  if (settings.shared)
    throw new Error(
      'DATABASE_URL is set and PATCHBAY_KEY is not. Processes that share a database need the same key for its secrets: ' +
        'set PATCHBAY_KEY, for example to the output of `openssl rand -base64 32`, and keep it.',
    )
  return createSealer(keyFromFile(settings.folder))
}

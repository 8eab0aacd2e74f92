import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Log } from './log.ts'
import { type Backoff, untilDone } from './retry.ts'
import { enrolAt } from './server-client.ts'
import { ServerError } from './server-error.ts'

const identity = z.object({ server: z.string(), id: z.string(), token: z.string() })
/** Who this worker is at its server. */
export type Identity = z.infer<typeof identity>

const fileOf = (data: string) => join(data, 'worker.json')

/** What an earlier enrolment left; undefined where there was none. */
export const readIdentity = async (data: string): Promise<Identity | undefined> => {
  const text = await readFile(fileOf(data), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return identity.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${fileOf(data)} cannot be read. Delete it and enrol again with a new one-time token.`, { cause })
  }
}

const keep = async (data: string, kept: Identity): Promise<void> => {
  await mkdir(data, { recursive: true })
  const file = fileOf(data)
  await writeFile(`${file}.tmp`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  await chmod(`${file}.tmp`, 0o600) // where a file of an earlier attempt had another mode
  await rename(`${file}.tmp`, file)
}

export type EnrolOptions = {
  data: string
  server: string
  /** One-time. Needed the first time only. */
  token?: string | undefined
  name: string
  version: string
  log: Log
  signal?: AbortSignal
  backoff?: Backoff
}

/**
 * The worker's identity: what `<data>/worker.json` keeps, else a new one for the one-time token. A server that is not there
 * yet is waited for.
 * @throws Error that says what to do, where waiting does not help
 */
export const identify = async (options: EnrolOptions): Promise<Identity> => {
  const { data, server, token, name, version, log, signal, backoff } = options
  const known = await readIdentity(data)
  if (known?.server === server) return known
  if (token === undefined)
    throw new Error(
      known
        ? `This worker is enrolled at ${known.server}, not at ${server}. Give --token with a one-time token of ${server}, or another --data folder.`
        : `This worker is not enrolled at ${server} yet. Make a one-time token on its Workers page, and start with --token.`,
    )
  try {
    const answer = await untilDone(() => enrolAt(server, token, { name, version }), {
      signal,
      ...(backoff && { backoff }),
      onWait: (error, wait) => log('warn', error.message, { triesAgainIn: Math.round(wait) }),
    })
    const kept = { server, ...answer }
    await keep(data, kept)
    log('info', 'enrolled', { server, worker: kept.id })
    return kept
  } catch (cause) {
    if (cause instanceof ServerError && cause.code === 'unauthorized')
      throw new Error(
        'The one-time token is wrong, used or expired: each enrols one worker. Make a new one on the Workers page.',
        { cause },
      )
    throw cause
  }
}

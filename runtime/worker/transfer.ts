import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import type { Artifact } from '#nodes/ports.ts'
import { type Backoff, untilDone } from './retry.ts'
import type { ServerClient } from './server-client.ts'
import { ServerError } from './server-error.ts'

/** The part of the server's client that moves bytes. */
export type ByteServer = Pick<ServerClient, 'artifact' | 'hasArtifact' | 'uploadOffset' | 'upload'>
export type TransferOptions = { signal: AbortSignal; backoff?: Backoff }
export type Wanted = { sha256: string; bytes: number }

/** Milliseconds without a byte after which a transfer is broken off and resumed. */
const stalls = 60_000

export const digestOfFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0
const broken = (what: string, cause: unknown) =>
  new ServerError('unreachable', `${what} broke off: ${cause instanceof Error ? cause.message : cause}`, { cause })

/** Appends what the server has beyond the part that is here; throws a passing error when the connection breaks, and the disk's own when it refuses. */
const fetchRest = async (server: ByteServer, wanted: Wanted, part: string, signal: AbortSignal): Promise<void> => {
  const from = await sizeOf(part)
  if (from >= wanted.bytes) return
  const stalled = new AbortController()
  const response = await server.artifact(wanted.sha256, from, AbortSignal.any([signal, stalled.signal]))
  const resumes = response.status === 206
  const handle = await open(part, resumes ? 'a' : 'w')
  let timer = setTimeout(() => undefined, 0)
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stalled.abort(new Error('no byte came for a minute')), stalls)
  }
  let length = resumes ? from : 0
  let unwritten: unknown
  try {
    watch()
    for await (const chunk of response.body ?? []) {
      watch()
      length += chunk.length
      if (length > wanted.bytes) break // more than it should be: the digest will say so
      await handle.write(chunk).catch((cause: unknown) => {
        unwritten = cause
        throw cause
      })
    }
  } catch (cause) {
    signal.throwIfAborted()
    // The disk here refused it, being full most often: asking the server again mends nothing.
    if (unwritten !== undefined) throw unwritten
    throw broken('The download', cause)
  } finally {
    clearTimeout(timer)
    await handle.close()
  }
  if (length < wanted.bytes) throw broken('The download', new Error(`${length} of ${wanted.bytes} bytes came`))
}

/**
 * Puts the artifact's bytes into `file`. What an interrupted attempt left in `<file>.part` is gone on from. Bytes with another
 * digest are removed; where they came in several parts, it is begun anew once: a server that fails in the middle of a body may
 * have written its complaint behind it.
 */
export const download = async (
  server: ByteServer,
  wanted: Wanted,
  file: string,
  { signal, backoff }: TransferOptions,
): Promise<void> => {
  const part = `${file}.part`
  await mkdir(dirname(file), { recursive: true })
  let digest = ''
  for (let again = true; digest !== wanted.sha256; ) {
    let parts = (await sizeOf(part)) > 0 ? 1 : 0
    const fetchPart = () => {
      parts++
      return fetchRest(server, wanted, part, signal)
    }
    await untilDone(fetchPart, { signal, ...(backoff && { backoff }) })
    if (wanted.bytes === 0) await (await open(part, 'a')).close()
    digest = await digestOfFile(part)
    if (digest === wanted.sha256 && (await sizeOf(part)) === wanted.bytes) break
    await rm(part, { force: true })
    if (parts < 2 || !again)
      throw new ServerError(
        'refused',
        `What came for ${basename(file)} is not what was asked: its SHA-256 is ${digest.slice(0, 12)}…, not ${wanted.sha256.slice(0, 12)}…. It was removed.`,
      )
    again = false
    digest = ''
  }
  const handle = await open(part)
  await handle.sync().finally(() => handle.close())
  await rename(part, file)
}

/** Uploads a file under its digest, from where an interrupted attempt stopped; nothing is sent that the server has. */
export const upload = async (
  server: ByteServer,
  file: string,
  { signal, backoff }: TransferOptions,
): Promise<Artifact> => {
  const sha256 = await digestOfFile(file)
  const bytes = await sizeOf(file)
  const artifact: Artifact = { sha256, mime: 'application/octet-stream', bytes, name: basename(file) }
  const send = async () => {
    if (await server.hasArtifact(sha256, signal)) return
    const from = await server.uploadOffset(sha256, signal)
    const source = createReadStream(file, { start: from })
    try {
      const body = Readable.toWeb(source) as ReadableStream<Uint8Array>
      const there = await server.upload(sha256, { from, total: bytes, body }, signal)
      if (there < bytes && !(await server.hasArtifact(sha256, signal)))
        throw broken('The upload', new Error(`the server has ${there} of ${bytes} bytes`))
    } catch (error) {
      // Another offset than the server's: ask it again.
      if (error instanceof ServerError && error.code === 'conflict') throw broken('The upload', error)
      throw error
    } finally {
      source.destroy()
    }
  }
  await untilDone(send, { signal, ...(backoff && { backoff }) })
  return artifact
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from './sync-folder.ts'

/** Bytes of one artifact at most. */
export const uploadLimit = 20e9
/** How long an unfinished upload is kept, in ms. */
const abandonedAfter = 24 * 3_600_000

export type UploadRefusal = 'offset' | 'too-large' | 'digest'
/** An upload that did not go on; `offset` is how many bytes are there. */
export class UploadError extends Error {
  override readonly name = 'UploadError'
  readonly code: UploadRefusal
  readonly offset: number

  constructor(code: UploadRefusal, message: string, offset: number) {
    super(message)
    this.code = code
    this.offset = offset
  }
}

export type Uploads = {
  /** Bytes that are there of an artifact, of a finished one too. */
  offset: (sha256: string) => Promise<number>
  /**
   * Adds bytes from `from` on, straight to disk; whole at `length`, the artifact is there under its digest. What came
   * before the connection broke is kept. Answers how many bytes are there.
   * @throws UploadError
   */
  append: (sha256: string, part: { from: number; length: number; body: AsyncIterable<Uint8Array> }) => Promise<number>
  /** Removes what was not gone on with for a day; returns how many. */
  sweep: (now?: number) => Promise<number>
}

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/** Resumable uploads beside the artifacts that they become. `place` says where an artifact of a digest lies. */
export const openUploads = (folder: string, place: (sha256: string) => { folder: string; name: string }): Uploads => {
  const partOf = (sha256: string) => join(folder, `${place(sha256) && sha256}.part`)
  const sizeOf = async (path: string): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.size
  const finished = (sha256: string) => sizeOf(join(place(sha256).folder, place(sha256).name))
  /** One writer per digest: a second one would write between the first one's bytes. */
  const writing = new Set<string>()

  const finish = async (sha256: string, part: string): Promise<void> => {
    if ((await digestOf(part)) !== sha256) {
      await rm(part, { force: true })
      throw new UploadError('digest', `What came is not the artifact ${sha256}. It was removed; upload it anew.`, 0)
    }
    const to = place(sha256)
    await mkdir(to.folder, { recursive: true })
    await rename(part, join(to.folder, to.name))
    await syncFolder(to.folder)
  }
  const write = async (
    part: string,
    from: number,
    length: number,
    body: AsyncIterable<Uint8Array>,
  ): Promise<number> => {
    const handle = await open(part, from === 0 ? 'w' : 'r+')
    let at = from
    try {
      for await (const chunk of body) {
        if (at + chunk.byteLength > length)
          throw new UploadError('too-large', `More than the ${length} bytes came that were announced.`, at)
        await handle.write(chunk, 0, chunk.byteLength, at)
        at += chunk.byteLength
      }
    } finally {
      await handle.sync().finally(() => handle.close())
    }
    return at
  }

  return {
    offset: async (sha256) => (await finished(sha256)) ?? (await sizeOf(partOf(sha256))) ?? 0,
    append: async (sha256, { from, length, body }) => {
      const whole = await finished(sha256)
      if (whole !== undefined) return whole
      if (length > uploadLimit) throw new UploadError('too-large', `An artifact has ${uploadLimit} bytes at most.`, 0)
      await mkdir(folder, { recursive: true })
      const part = partOf(sha256)
      const there = (await sizeOf(part)) ?? 0
      if (from !== there || writing.has(sha256))
        throw new UploadError('offset', `${there} bytes are there. Go on from ${there}, one upload at a time.`, there)
      writing.add(sha256)
      try {
        const at = await write(part, from, length, body)
        if (at === length) await finish(sha256, part)
        return at
      } finally {
        writing.delete(sha256)
      }
    },
    sweep: async (now = Date.now()) => {
      let removed = 0
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name)
        if (now - (await stat(path)).mtimeMs < abandonedAfter) continue
        await rm(path, { force: true })
        removed += 1
      }
      return removed
    },
  }
}

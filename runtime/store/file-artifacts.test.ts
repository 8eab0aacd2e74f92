import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openArtifacts, openTemporaryArtifacts } from './file-artifacts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-artifacts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const body = new TextEncoder().encode('hello')
const sha256 = createHash('sha256').update(body).digest('hex')
const placeOf = (digest: string) => join(folder, digest.slice(0, 2), digest.slice(2))

test('bytes are named by their digest and read back', async () => {
  const artifacts = openArtifacts(folder)
  expect(await artifacts.has(sha256)).toBe(false)
  expect(await artifacts.write(body, 'text/plain', 'a.txt')).toEqual({
    sha256,
    mime: 'text/plain',
    bytes: 5,
    name: 'a.txt',
  })
  expect(await artifacts.has(sha256)).toBe(true)
  expect(new TextDecoder().decode(await artifacts.read(sha256))).toBe('hello')
})

test('the same bytes many times at once are one file, and nothing unfinished stays', async () => {
  const artifacts = openArtifacts(folder)
  const same = new TextEncoder().encode('same')
  const written = await Promise.all(Array.from({ length: 20 }, () => artifacts.write(same, 'text/plain')))
  const digest = written[0]?.sha256 ?? ''
  expect(await readdir(join(folder, digest.slice(0, 2)))).toEqual([digest.slice(2)])
})

test('damaged bytes are not handed out', async () => {
  const artifacts = openArtifacts(folder)
  await writeFile(placeOf(sha256), 'hellO')
  await expect(artifacts.read(sha256)).rejects.toThrow('is damaged')
})

test('missing bytes and impossible digests are said to be so', async () => {
  const artifacts = openArtifacts(folder)
  await expect(artifacts.read('0'.repeat(64))).rejects.toThrow('is not in')
  await expect(artifacts.read('../../etc/passwd')).rejects.toThrow('no SHA-256')
  await expect(artifacts.has('../x')).rejects.toThrow('no SHA-256')
})

test('temporary artifacts are gone after close', async () => {
  const artifacts = await openTemporaryArtifacts()
  await artifacts.write(body, 'text/plain')
  await artifacts.close()
  await expect(artifacts.read(sha256)).rejects.toThrow('is not in')
})

test('the sweep takes old orphans and unfinished writes, and spares what was written again', async () => {
  const place = await mkdtemp(join(folder, 'sweep-'))
  const artifacts = openArtifacts(place)
  const write = async (text: string) => (await artifacts.write(new TextEncoder().encode(text), 'text/plain')).sha256
  const [kept, again, orphan] = [await write('kept'), await write('again'), await write('orphan')]
  const old = new Date(Date.now() - 1_000_000)
  for (const one of [kept, again, orphan]) await utimes(join(place, one.slice(0, 2), one.slice(2)), old, old)
  const unfinished = join(place, kept.slice(0, 2), '.unfinished')
  await writeFile(unfinished, 'x')
  await utimes(unfinished, old, old)
  await write('again')
  expect(await artifacts.sweep((one) => one === kept, new Date(Date.now() - 500_000))).toBe(2)
  expect(await Promise.all([kept, again, orphan].map(artifacts.has))).toEqual([true, true, false])
})

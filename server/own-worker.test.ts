import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import { createWorker, findWorker, listWorkers, saveBeat } from '#runtime/store/workers.ts'
import { beat } from '#tests/support/router-scene.ts'
import { claimOwnWorker } from './own-worker.ts'

const sealer = openSealer({ key: 'k'.repeat(32), folder: '/nowhere', shared: true })
let database: Database
beforeAll(async () => {
  database = await openDatabase({ memory: true })
})
afterAll(() => database.close())
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-own-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
const claim = (data: string) => claimOwnWorker({ database, sealer, workspace: 'local', data })
const ownerOf = async (token: string) => (await findWorker(database.query, token))?.id
/** The claim as another process would have made it. */
const rewrite = async (folder: string, by: { host?: string; pid?: number }) => {
  const file = join(folder, 'own-worker.json')
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...by }))
}

test('servers on one database have workers of their own, and a person’s worker with the name stays a person’s', async () => {
  const theirs = await createWorker(database.query, 'local', 'local')
  const [one, other] = [await claim(await newFolder()), await claim(await newFolder())]
  expect(new Set([theirs.id, one.id, other.id]).size).toBe(3)
  for (const { id, token } of [theirs, one, other]) expect(await ownerOf(token)).toBe(id)
})
test('a server that starts again has the same worker, with a new token', async () => {
  const folder = await newFolder()
  const first = await claim(folder)
  await first.release()
  await rewrite(folder, { pid: 2 ** 30 }) // nobody's
  const again = await claim(folder)
  expect(again.id).toBe(first.id)
  expect([await ownerOf(first.token), await ownerOf(again.token)]).toEqual([undefined, first.id])
})
test('a second server over one folder has a worker for as long as it runs', async () => {
  const folder = await newFolder()
  const first = await claim(folder)
  await rewrite(folder, { pid: process.ppid })
  const second = await claim(folder)
  expect(second.id).not.toBe(first.id)
  expect(await ownerOf(first.token)).toBe(first.id)
  await second.release()
  const ids = (await listWorkers(database.query, sealer, 'local')).map(({ id }) => id)
  expect([ids.includes(first.id), ids.includes(second.id)]).toEqual([true, false])
})
test('a worker of another machine’s server is taken over once it has been silent, not before', async () => {
  const folder = await newFolder()
  const first = await claim(folder)
  await rewrite(folder, { host: 'elsewhere' })
  await saveBeat(database.query, 'local', first.id, beat)
  expect((await claim(folder)).id).not.toBe(first.id)
  await database.query(`update worker set seen_at = now() - interval '1 minute' where id::text = $1`, [first.id])
  expect((await claim(folder)).id).toBe(first.id)
})
test('a claim that cannot be read is made anew', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'own-worker.json'), '{"id":')
  expect((await claim(folder)).id).toBe((await claim(folder)).id)
})
test('a worker that was removed meanwhile is made anew', async () => {
  const folder = await newFolder()
  const first = await claim(folder)
  await database.query('delete from worker where id::text = $1', [first.id])
  const again = await claim(folder)
  expect(again.id).not.toBe(first.id)
  expect((await claim(folder)).id).toBe(again.id)
})

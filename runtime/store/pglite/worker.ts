import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { asDatabaseError, DatabaseError } from '../database-error.ts'
import { parseBigint, parseBytes, typeIds, writeJson } from '../row-types.ts'
import { syncFolder } from '../sync-folder.ts'
import { counted, durableFiles, durableParams, syncTree } from './durable-files.ts'
import type { Reply, Request, WorkerSettings } from './protocol.ts'
import { keepTemplate, readTemplate } from './template.ts'

if (!parentPort) throw new Error('This file is the PGlite worker; openDatabase starts it.')
const port = parentPort
const { folder } = workerData as WorkerSettings
const tell = (reply: Reply) => port.postMessage(reply)

const types = {
  parsers: { [typeIds.bigint]: parseBigint, [typeIds.bytea]: parseBytes },
  serializers: { [typeIds.json]: writeJson, [typeIds.jsonb]: writeJson },
}
const openMemory = async () => {
  const template = await readTemplate()
  const opened = await PGlite.create({ dataDir: 'memory://', ...(template && { loadDataDir: template }), ...types })
  if (!template) await keepTemplate(opened)
  return opened
}
/** Makes a cluster beside its place and moves it there when it is whole and on disk, so that a kill leaves none or one. */
const makeCluster = async (path: string) => {
  const unfinished = `${path}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  const template = await readTemplate()
  const made = await PGlite.create({ dataDir: unfinished, ...(template && { loadDataDir: template }) })
  await made.close()
  await syncTree(unfinished)
  await rename(unfinished, path)
  await syncFolder(dirname(path))
}
const openFolder = async (path: string) => {
  if (!existsSync(path)) await makeCluster(path)
  return PGlite.create({ fs: durableFiles(path), startParams: durableParams(), ...types })
}
const database = folder === null ? await openMemory() : await openFolder(folder)
const heard = new Map<string, () => Promise<void>>()

const run = async (request: Request): Promise<Record<string, unknown>[]> => {
  switch (request.op) {
    case 'query':
      return (await database.query<Record<string, unknown>>(request.sql, [...request.params])).rows
    case 'begin':
    case 'commit':
    case 'rollback':
      await database.exec(request.op)
      return []
    case 'listen':
      heard.set(
        request.channel,
        await database.listen(request.channel, (payload) => tell({ channel: request.channel, payload })),
      )
      return []
    case 'unlisten':
      await heard.get(request.channel)?.()
      heard.delete(request.channel)
      return []
    case 'maintain':
      // Nothing else vacuums or checkpoints here: PGlite has no background processes.
      await database.exec('vacuum (analyze)')
      await database.exec('checkpoint')
      return []
    case 'fsyncs':
      return [{ fsyncs: counted.fsyncs }]
    case 'close':
      await database.close()
      return []
  }
}

const answer = async (request: Request) => {
  try {
    tell({ id: request.id, rows: await run(request) })
  } catch (thrown) {
    const known = asDatabaseError(thrown)
    const error = known instanceof DatabaseError ? known : new DatabaseError('XX000', String(known))
    tell({ id: request.id, error: JSON.parse(JSON.stringify(error)) })
  }
}

/** Requests in order of arrival, but while a transaction is open only its own lane is served. */
const waiting: Request[] = []
let open = 0
let busy = false
const next = (): Request | undefined => {
  if (open === 0) return waiting.shift()
  const at = waiting.findIndex((request) => request.lane === open)
  return at < 0 ? undefined : waiting.splice(at, 1)[0]
}
const serve = async () => {
  if (busy) return
  busy = true
  for (let request = next(); request; request = next()) {
    if (request.op === 'begin') open = request.lane
    await answer(request)
    if (request.op === 'commit' || request.op === 'rollback') open = 0
  }
  busy = false
}
port.on('message', (request: Request) => {
  waiting.push(request)
  void serve()
})
tell({ ready: true })

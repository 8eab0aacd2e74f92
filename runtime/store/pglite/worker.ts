import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { asDatabaseError, DatabaseError } from '../database-error.ts'
import { parseBigint, parseBytes, typeIds, writeJson } from '../row-types.ts'
import { counted, durableFiles, durableParams, syncTree } from './durable-files.ts'
import type { Reply, Request, WorkerSettings } from './protocol.ts'

if (!parentPort) throw new Error('This file is the PGlite worker; openDatabase starts it.')
const port = parentPort
const { folder } = workerData as WorkerSettings
const tell = (reply: Reply) => port.postMessage(reply)

const types = {
  parsers: { [typeIds.bigint]: parseBigint, [typeIds.bytea]: parseBytes },
  serializers: { [typeIds.json]: writeJson, [typeIds.jsonb]: writeJson },
}
const openFolder = async (path: string) => {
  const isNew = !existsSync(join(path, 'PG_VERSION'))
  const opened = await PGlite.create({ fs: durableFiles(path), startParams: durableParams(), ...types })
  if (isNew) await syncTree(path)
  return opened
}
const database = folder === null ? await PGlite.create({ dataDir: 'memory://', ...types }) : await openFolder(folder)
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

import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type Results } from '@electric-sql/pglite'
import { extract } from 'tar'
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
  const opened = await PGlite.create({
    dataDir: 'memory://',
    ...(template && { loadDataDir: new Blob([template]) }),
    ...types,
  })
  if (!template) await keepTemplate(opened)
  return opened
}
/** Only that the archive writes its paths from the root, which unpacking takes off, is no failure. */
const refuse = (code: string, message: string | Error) => {
  if (code !== 'TAR_ENTRY_INFO') throw new Error(`The new database could not be unpacked: ${message}`)
}
/** Makes a cluster beside its place and moves it there when it is whole and on disk, so that a kill leaves none or one. */
const makeCluster = async (path: string) => {
  const unfinished = `${path}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  const template = await readTemplate()
  if (template) {
    // PGlite would start a whole database to unpack it, which took 1.5 s where this takes 0.3.
    await mkdir(unfinished, { recursive: true })
    extract({ sync: true, cwd: unfinished, onwarn: refuse }).end(template)
  } else {
    const made = await PGlite.create({ dataDir: unfinished })
    await made.close()
  }
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

/** The engine stopped in the middle of a statement. PGlite then answers with an empty result, as if all were well. */
class EngineStopped extends Error {}

/** The tag that PostgreSQL ends every statement with, or EngineStopped. */
const commandOf = (result: Results | undefined): string => {
  if (!result || !('command' in result)) throw new EngineStopped('no answer to a statement')
  return String(result.command)
}

const run = async (request: Request): Promise<Record<string, unknown>[]> => {
  switch (request.op) {
    case 'query': {
      const result = await database.query<Record<string, unknown>>(request.sql, [...request.params])
      commandOf(result)
      return result.rows
    }
    case 'begin':
    case 'commit':
    case 'rollback': {
      const command = commandOf((await database.exec(request.op)).at(-1))
      // A failed statement fails its transaction, even when the caller went on.
      if (request.op === 'commit' && command === 'ROLLBACK')
        throw new DatabaseError('25P02', 'The transaction was rolled back because a statement in it had failed.')
      return []
    }
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

/** Past these the engine is not to be trusted with another statement: a failed fsync, a broken invariant, a trap in its code. */
const isFatal = (thrown: unknown): boolean =>
  thrown instanceof EngineStopped ||
  thrown instanceof WebAssembly.RuntimeError ||
  (thrown instanceof Error && 'severity' in thrown && (thrown.severity === 'PANIC' || thrown.severity === 'FATAL'))

const answer = async (request: Request) => {
  try {
    tell({ id: request.id, rows: await run(request) })
  } catch (thrown) {
    // Ends this thread only. The one that is started in its place recovers from the write-ahead log.
    if (isFatal(thrown)) process.exit(1)
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

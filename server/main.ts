import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { catalogue, registry } from '#nodes/registry.ts'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import { createEngine } from '#runtime/engine/create-engine.ts'
import { configParser } from '#runtime/pipeline/config.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { createApp } from './app.ts'
import { editorFolder } from './cli/build-editor.ts'
import { EnvironmentError, readEnvironment, type Settings } from './env.ts'
import { offerSample } from './examples.ts'
import { isMain } from './is-main.ts'
import { createLog, type Log } from './log.ts'
import { createSignIn } from './sign-in.ts'
import { openStores } from './open-stores.ts'
import { version } from './version.ts'

export type Running = {
  /** `http://127.0.0.1:4747`, with the port that was really taken. */
  url: string
  /** Signs one browser in and opens the sample on a first start. */
  link: string
  /** Takes no more requests, lets runs and answers end for up to `ms`, hands the rest back. */
  stop: (ms?: number) => Promise<void>
}

const workspace = 'local'

const listen = (server: Server, { host, port }: Settings): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new EnvironmentError(`Port ${port} is taken, maybe by another Patchbay. Stop that, or set PORT.`) : error)
    })
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })

const urlOf = (host: string, port: number): string =>
  `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`

/**
 * Puts all parts together and listens.
 * @throws EnvironmentError
 * @example const server = await startServer(readEnvironment({ PORT: '0', NO_OPEN: '1' }))
 */
export const startServer = async (settings: Settings, log: Log = createLog()): Promise<Running> => {
  const database = await openDatabase(
    settings.databaseUrl === undefined ? { folder: settings.data } : { url: settings.databaseUrl },
  )
  const artifacts = openArtifacts(join(settings.data, 'artifacts'))
  const stores = await openStores(database, artifacts, settings)
  const worker = createLocalWorker({ models: join(settings.data, 'models'), log })
  const engine = await createEngine({
    database,
    registry,
    artifacts,
    secret: stores.secrets.read,
    endpoint: worker.endpoint,
    runs: settings.runs,
    log,
  })
  const server = createAdaptorServer({ fetch: (request, env) => app.fetch(request, env) }) as Server
  const { port } = await listen(server, settings)
  const url = urlOf(settings.host, port)
  const signIn = createSignIn()
  const app = createApp({
    version,
    workspace,
    ...(settings.adminToken !== undefined && { adminToken: settings.adminToken }),
    cookie: `patchbay-${port}`,
    allowed: settings,
    editor: editorFolder,
    stores,
    engine,
    artifacts,
    catalogue,
    parseConfig: configParser((entry) => registry.get(entry.type)?.config),
    models: async () => [],
    ready: async () => {
      await database.query('select 1')
      return true
    },
    metrics: async () => [],
    signIn,
    log,
    now: Date.now,
  })
  const opened = await offerSample({ workspace, stores, artifacts })
  return {
    url,
    link: `${url}/auth/sign-in?token=${signIn.issue()}${opened === undefined ? '' : `&to=/p/${opened}`}`,
    stop: async (ms = 10_000) => {
      server.close()
      await engine.stop(ms)
      server.closeAllConnections()
      await worker.stop()
      await database.close()
    },
  }
}

import { join } from 'node:path'
import { ollamaUrl } from '#nodes/lib/chat-model.ts'
import { catalogue, registry } from '#nodes/registry.ts'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import { listModels } from '#runtime/dispatch/models.ts'
import { createEngine } from '#runtime/engine/create-engine.ts'
import { configParser } from '#runtime/pipeline/config.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import { createApp } from './app.ts'
import { editorFolder } from './cli/build-editor.ts'
import { readEnvironment, type Settings } from './env.ts'
import { offerSample } from './examples.ts'
import { isMain } from './is-main.ts'
import { listen } from './listen.ts'
import { createLog, type Log } from './log.ts'
import { runMetrics } from './metrics.ts'
import { openStores } from './open-stores.ts'
import { createSignIn } from './sign-in.ts'
import { version } from './version.ts'

export type Running = {
  /** `http://127.0.0.1:4747`, with the port that was really taken. */
  url: string
  /** Signs one browser in, and opens the sample on a first start. */
  link: string
  /** Takes no more requests, lets steps in flight end for up to `ms`, hands the rest back. */
  stop: (ms?: number) => Promise<void>
}

/** A local installation has one workspace. */
const workspace = 'local'

/**
 * Puts all parts together and listens: the composition root.
 * @throws EnvironmentError
 * @example const server = await startServer(readEnvironment({ PORT: '0', NO_OPEN: '1' }))
 */
export const startServer = async (settings: Settings, log: Log = createLog()): Promise<Running> => {
  const { data, databaseUrl, key, adminToken } = settings
  // The port first: whoever starts a second server learns it before anything is opened or claimed.
  let app: ReturnType<typeof createApp> | undefined
  const listening = await listen(settings.host, settings.port, (request, bindings) =>
    app
      ? app.fetch(request, bindings)
      : new Response('Patchbay is starting.', { status: 503, headers: { 'retry-after': '1' } }),
  )
  const opened: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    const sealer = openSealer({ key, folder: data, shared: databaseUrl !== undefined })
    const database = await openDatabase(databaseUrl === undefined ? { folder: data } : { url: databaseUrl })
    opened.push(database.close)
    const artifacts = openArtifacts(join(data, 'artifacts'))
    const stores = openStores(database, artifacts, sealer)
    const worker = createLocalWorker({ models: join(data, 'models'), log })
    opened.push(worker.stop)
    const engine = await createEngine({
      database,
      registry,
      artifacts,
      secret: stores.secrets.read,
      endpoint: worker.endpoint,
      runs: settings.runs,
      log,
    })
    let patience = 10_000
    opened.push(() => engine.stop(patience))
    const sample = await offerSample({ workspace, stores, artifacts })
    const signIn = createSignIn()
    app = createApp({
      version,
      workspace,
      ...(adminToken !== undefined && { adminToken }),
      cookie: `patchbay-${listening.port}`,
      allowed: settings,
      editor: editorFolder,
      stores,
      engine,
      artifacts,
      catalogue,
      parseConfig: configParser((entry) => registry.get(entry.type)?.config),
      models: () =>
        listModels({
          local: worker.list,
          ollama: ollamaUrl(),
          hasSecret: async (name) => (await stores.secrets.list(workspace)).some((secret) => secret.name === name),
        }),
      ready: () =>
        database.query('select 1').then(
          () => true,
          () => false,
        ),
      metrics: () => runMetrics(stores.runs.countByStatus),
      signIn,
      log,
      now: Date.now,
    })
    return {
      url: listening.url,
      link: `${listening.url}/auth/sign-in?token=${signIn.issue()}${sample === undefined ? '' : `&to=/p/${sample}`}`,
      stop: async (ms = patience) => {
        patience = ms
        listening.close()
        const cut = setTimeout(listening.cut, ms)
        await closeAll()
        clearTimeout(cut)
        listening.cut()
      },
    }
  } catch (error) {
    listening.close()
    await closeAll()
    throw error
  }
}

/** Starts the server for a person: prints where it is, opens the browser, stops on a signal. */
export const serve = async (environment: Record<string, string | undefined>): Promise<void> => {
  const settings = readEnvironment(environment)
  const server = await startServer(settings)
  console.log(`Patchbay ${version} is at ${server.url}\nSign in once with ${server.link}`)
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    console.log('Stopping. Runs go on with the next start.')
    await server.stop()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
  if (!settings.open) return
  const { default: open } = await import('open')
  // Without a desktop there is no browser; the link is printed.
  await open(server.link).catch(() => undefined)
}

if (isMain(import.meta.url)) {
  await serve(process.env).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
}

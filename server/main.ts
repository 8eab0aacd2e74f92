import { join } from 'node:path'
import { ollamaUrl } from '#nodes/lib/chat-model.ts'
import { catalogue, registry } from '#nodes/registry.ts'
import { listModels } from '#runtime/dispatch/models.ts'
import { checkTarget, createOutcomes, resolveTuned } from '#runtime/dispatch/outcomes.ts'
import { servedIds } from '#runtime/dispatch/served-ids.ts'
import { createEngine } from '#runtime/engine/create-engine.ts'
import { configParser } from '#runtime/pipeline/config.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { listTunedIds } from '#runtime/store/models.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import { startUpkeep } from '#runtime/store/upkeep.ts'
import { createApp } from './app.ts'
import { editorFolder } from './cli/build-editor.ts'
import { readEnvironment, type Settings } from './env.ts'
import { offerSample } from './examples.ts'
import { isMain } from './is-main.ts'
import { listen } from './listen.ts'
import { createLog, type Log } from './log.ts'
import { runMetrics, workerMetrics } from './metrics.ts'
import { openJobs } from './open-jobs.ts'
import { openStores } from './open-stores.ts'
import { openWorkers } from './open-workers.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { version } from './version.ts'

export type Running = {
  /** `http://127.0.0.1:4747`, with the port that was really taken. */
  url: string
  /** Signs one browser in, and opens the sample on a first start. */
  link: string
  /** Takes no more requests, lets steps in flight end for up to `ms`, hands the rest back. */
  stop: (ms?: number) => Promise<void>
}

const parseConfig = configParser((entry) => registry.get(entry.type)?.config)

/** A local installation has one workspace. */
const workspace = 'local'

/** Everything below HTTP: database, files, secrets, the machine's own models, the engine over them. */
const openRuntime = async ({ data, databaseUrl, key, runs, limits, begin }: Settings, url: string, log: Log) => {
  const sealer = openSealer({ key, folder: data, shared: databaseUrl !== undefined })
  const database = await openDatabase(databaseUrl === undefined ? { folder: data } : { url: databaseUrl })
  const artifacts = openArtifacts(join(data, 'artifacts'))
  const stores = openStores(database, artifacts, sealer)
  const workers = await openWorkers({
    database,
    sealer,
    workspace,
    data,
    url,
    limits,
    begin,
    resolveTuned: (of, id) => resolveTuned(database, of, id),
    log,
  })
  try {
    const secret = stores.secrets.read
    const { endpoint } = workers.router
    const jobs = await openJobs({ database, log, ...workers })
    const outside = { ...createOutcomes({ database, catalogue, parseConfig }), job: jobs.job }
    const engine = await createEngine({ database, registry, artifacts, secret, endpoint, outside, runs, log })
    const stopUpkeep = startUpkeep(database, artifacts, (error) =>
      log('error', 'upkeep failed', { error: String(error) }),
    )
    const close = async (ms: number) => {
      stopUpkeep()
      await engine.stop(ms)
      await jobs.dispatcher.stop()
      await workers.stop()
      await database.close()
    }
    return { database, artifacts, stores, workers, jobs, engine, close }
  } catch (error) {
    await database.close()
    throw error
  }
}
type Runtime = Awaited<ReturnType<typeof openRuntime>>

const openApp = (settings: Settings, runtime: Runtime, signIn: SignIn, port: number, log: Log) => {
  const { database, artifacts, stores, workers, jobs, engine } = runtime
  const { fleet, router, calls, localWorker, worker } = workers
  const hasSecret = async (name: string) =>
    (await stores.secrets.list(workspace)).some((secret) => secret.name === name)
  return createApp({
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
    parseConfig,
    models: () =>
      listModels({
        local: worker.list,
        served: () => servedIds(fleet, workspace),
        tuned: () => listTunedIds(database.query, workspace),
        ollama: ollamaUrl(),
        hasSecret,
      }),
    jobs: jobs.dispatcher,
    fleet,
    router,
    calls,
    localWorker,
    call: router.call,
    checkTarget: (of, target) => checkTarget({ database, catalogue, parseConfig }, of, target),
    ready: () =>
      database.query('select 1').then(
        () => true,
        () => false,
      ),
    metrics: async () => [
      ...(await runMetrics(stores.runs.countByStatus)),
      ...workerMetrics(fleet.list(workspace), router),
    ],
    signIn,
    log,
    now: Date.now,
  })
}

/**
 * Puts all parts together and listens.
 * @throws EnvironmentError
 * @example const server = await startServer(readEnvironment({ PORT: '0', NO_OPEN: '1' }))
 */
export const startServer = async (settings: Settings, log: Log = createLog()): Promise<Running> => {
  let app: ReturnType<typeof openApp> | undefined
  const starting = () => new Response('Patchbay is starting.', { status: 503, headers: { 'retry-after': '1' } })
  // The port first: whoever starts a second server learns it before anything is opened or claimed.
  const listening = await listen(settings.host, settings.port, (request, bindings) =>
    app ? app.fetch(request, bindings) : starting(),
  )
  try {
    const runtime = await openRuntime(settings, `http://127.0.0.1:${listening.port}`, log)
    const signIn = createSignIn()
    const sample = await offerSample({ workspace, ...runtime }).catch((error: unknown) => {
      log('error', 'the sample could not be made', { error: String(error) })
      return undefined
    })
    app = openApp(settings, runtime, signIn, listening.port, log)
    return {
      url: listening.url,
      link: `${listening.url}/auth/sign-in?token=${signIn.issue()}${sample === undefined ? '' : `&to=/p/${sample}`}`,
      stop: async (ms = 10_000) => {
        listening.close()
        await runtime.close(ms)
        listening.cut()
      },
    }
  } catch (error) {
    listening.close()
    throw error
  }
}

/** What children of this process, such as the browser and the worker, have no use for. */
const ownVariables = ['PATCHBAY_ADMIN_TOKEN', 'PATCHBAY_KEY', 'DATABASE_URL']

/** Starts the server for a person: prints where it is, opens the browser, stops on a signal. */
export const serve = async (environment: Record<string, string | undefined>): Promise<void> => {
  const settings = readEnvironment(environment)
  for (const name of ownVariables) delete process.env[name]
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
  const browser = await open(server.link).catch(() => undefined)
  browser?.on('error', () => undefined)
}

if (isMain(import.meta.url)) {
  await serve(process.env).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
}

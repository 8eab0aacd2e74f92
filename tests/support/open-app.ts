import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeRegistry, registry as product } from '#nodes/registry.ts'
import { createCalls } from '#runtime/dispatch/calls.ts'
import { createFleet } from '#runtime/dispatch/fleet.ts'
import { usualLimits } from '#runtime/dispatch/flow.ts'
import { createJobDispatcher } from '#runtime/dispatch/jobs/dispatcher.ts'
import { createRunJob } from '#runtime/dispatch/jobs/run-job.ts'
import { checkTarget, createOutcomes } from '#runtime/dispatch/outcomes.ts'
import { createRouter } from '#runtime/dispatch/router.ts'
import { createEngine } from '#runtime/engine/create-engine.ts'
import type { EngineDependencies } from '#runtime/engine/engine.ts'
import { configParser } from '#runtime/pipeline/config.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Database } from '#runtime/store/database.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import type { Problem, Saved } from '#server/api.ts'
import { createApp } from '#server/app.ts'
import type { Level } from '#server/log.ts'
import { openStores } from '#server/open-stores.ts'
import type { AppParts } from '#server/parts.ts'
import { createSignIn } from '#server/sign-in.ts'
import { callByEndpoint } from './call-by-endpoint.ts'
import { testRegistry } from './test-nodes.ts'

export const adminToken = 'an-admin-token-for-tests'
export type Logged = { level: Level; message: string; fields: Record<string, unknown> }
export type Ask = { body?: unknown; headers?: Record<string, string>; as?: string | null }

/**
 * The real server without a port: store, engine and routes over a database, with the product's nodes and the scripted
 * ones of the engine's tests.
 */
export const openApp = async (
  database: Database,
  behaviours: Parameters<typeof testRegistry>[0] = {},
  more: Partial<AppParts> & Partial<Pick<EngineDependencies, 'endpoint'>> = {},
) => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-app-'))
  const registry = new Map([...testRegistry(behaviours), ...product])
  const artifacts = openArtifacts(join(folder, 'artifacts'))
  const sealer = openSealer({ key: undefined, folder, shared: false })
  const stores = openStores(database, artifacts, sealer)
  const fleet = await createFleet({ database, sealer, log: () => undefined })
  const calls = createCalls()
  const jobs = await createJobDispatcher({ database, log: () => undefined })
  const router = createRouter({
    fleet,
    calls,
    limits: usualLimits,
    wakeFor: async () => false,
    resolveTuned: async () => undefined,
    known: async () => [],
  })
  const catalogue = describeRegistry(registry)
  const parseConfig = configParser((entry) => registry.get(entry.type)?.config)
  const needs = { database, catalogue, parseConfig }
  const endpoint: EngineDependencies['endpoint'] = more.endpoint ?? router.endpoint
  const engine = await createEngine({
    database,
    registry,
    artifacts,
    secret: stores.secrets.read,
    endpoint,
    outside: {
      ...createOutcomes(needs),
      job: createRunJob({
        database,
        dispatcher: jobs,
        wake: () => undefined,
        offers: async () => true,
        lack: () => undefined,
      }),
    },
  })
  const logged: Logged[] = []
  const signIn = createSignIn()
  const app = createApp({
    version: '0.0.0-test',
    workspace: 'local',
    adminToken,
    cookie: 'patchbay-test',
    allowed: { host: '127.0.0.1', hosts: [], origins: [] },
    editor: join(folder, 'no-editor'),
    stores,
    engine,
    artifacts,
    catalogue,
    parseConfig,
    models: async () => [],
    jobs,
    fleet,
    router,
    calls,
    localWorker: undefined,
    // Where a test brings its own endpoint, calls of /v1 go there too.
    call: more.endpoint ? callByEndpoint(endpoint) : router.call,
    checkTarget: (workspace, target) => checkTarget(needs, workspace, target),
    ready: () =>
      database.query('select 1').then(
        () => true,
        () => false,
      ),
    metrics: async () => [],
    signIn,
    log: (level, message, fields = {}) => logged.push({ level, message, fields }),
    now: Date.now,
    ...more,
  })

  /** Asks as the admin unless `as` names another token, or null for nobody. A string body is sent as it is. */
  const ask = (method: string, path: string, { body, headers = {}, as = adminToken }: Ask = {}) =>
    app.request(path, {
      method,
      headers: {
        ...(as !== null && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const answer = async <Body>(method: string, path: string, options?: Ask): Promise<Body> => {
    const response = await ask(method, path, options)
    // The caller names the type that server/api.ts promises for this address.
    return (await response.json()) as Body
  }
  return {
    app,
    ask,
    answer,
    engine,
    stores,
    artifacts,
    signIn,
    fleet,
    router,
    logged,
    create: (document: PipelineDocument) => answer<Saved>('POST', '/api/pipelines', { body: { document } }),
    stop: async () => {
      await engine.stop(1_000)
      await jobs.stop()
      router.stop()
      fleet.stop()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type TestApp = Awaited<ReturnType<typeof openApp>>

/** Status, type and code of a response that should be a problem, and its body. */
export const problemOf = async (response: Response) => {
  const text = await response.text()
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  if (!isProblem) throw new Error(`Not a problem: ${response.status} ${text.slice(0, 500)}`)
  const problem = JSON.parse(text) as Problem & Record<string, unknown>
  if (problem.status !== response.status) throw new Error(`Status ${response.status}, problem ${problem.status}`)
  return problem
}

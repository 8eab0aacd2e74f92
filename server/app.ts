import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { checkOrigin } from './allow.ts'
import { type Access, createGuard, createSharedGuard, createWorkerGuard } from './auth.ts'
import { ApiError, answerProblem } from './errors.ts'
import { hookCalls } from './hooks/call.ts'
import { createPlans } from './hooks/plans.ts'
import { createJudge } from './judge.ts'
import { asApiError } from './known-errors.ts'
import { describeApi } from './openapi.ts'
import type { AppParts, Parts } from './parts.ts'
import { artifactRoutes } from './routes/artifacts.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { eventRoutes } from './routes/events.ts'
import { exampleRoutes } from './routes/examples.ts'
import { fileRoutes } from './routes/files.ts'
import { healthRoutes } from './routes/health.ts'
import { hookRoutes } from './routes/hooks.ts'
import { jobRoutes } from './routes/jobs.ts'
import { keyRoutes } from './routes/keys.ts'
import { leaseRoutes } from './routes/leases.ts'
import { tunedModelRoutes } from './routes/models-tuned.ts'
import { pipelineRoutes } from './routes/pipelines.ts'
import { runRoutes, startRoutes } from './routes/runs.ts'
import { secretRoutes } from './routes/secrets.ts'
import { sessionRoutes, signInLink } from './routes/session.ts'
import { sharedEventRoutes } from './routes/shared-events.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { versionRoutes } from './routes/versions.ts'
import { workerCallRoutes } from './routes/worker-calls.ts'
import { workerRoutes } from './routes/workers.ts'
import { named } from './schemas.ts'
import { editorFiles } from './static.ts'
import { openAiRoutes } from './v1/routes.ts'
import { createServed } from './v1/served.ts'

const apiRoutes = (parts: Parts) =>
  new Hono()
    .route('/pipelines', pipelineRoutes(parts))
    .route('/pipelines', versionRoutes(parts))
    .route('/pipelines', fileRoutes(parts))
    .route('/pipelines', startRoutes(parts))
    .route('/runs', runRoutes(parts))
    .route('/runs', eventRoutes(parts))
    .route('/events', sharedEventRoutes(parts))
    .route('/examples', exampleRoutes(parts))
    .route('/hooks', hookRoutes(parts))
    .route('/secrets', secretRoutes(parts))
    .route('/keys', keyRoutes(parts))
    .route('/artifacts', artifactRoutes(parts))
    .route('/uploads', uploadRoutes(parts))
    .route('/workers', workerCallRoutes(parts))
    .route('/workers', workerRoutes(parts))
    .route('/leases', leaseRoutes(parts))
    .route('/jobs', jobRoutes(parts))
    .route('/models/tuned', tunedModelRoutes(parts))
    .route('/deployments', deploymentRoutes(parts))
    .route('/session', sessionRoutes(parts))
    .route('/', catalogueRoutes(parts))

/** The routes under `/api` as hono's typed client takes them. */
export type Api = ReturnType<typeof apiRoutes>

const accessOf = ({ workspace, adminToken, cookie, stores: { keys, sessions, workers } }: AppParts): Access => ({
  workspace,
  cookie,
  ...(adminToken !== undefined && { adminToken }),
  findKey: keys.find,
  findSession: sessions.find,
  findWorker: workers.find,
})

/** Addresses where programs ask: an unknown one there is an error, not a page of the editor. */
const machines = /^\/(api|hooks|auth|v1)(\/|$)/

/**
 * The HTTP server without a port: `app.request()` asks it, a listener serves it.
 * @example const response = await createApp(parts).request('/healthz')
 */
export const createApp = (given: AppParts) => {
  const access = accessOf(given)
  const judge = createJudge(given.catalogue, given.parseConfig)
  const guard = createGuard(access)
  const guardWorker = createWorkerGuard(access)
  const parts: Parts = {
    ...given,
    access,
    guard,
    guardWorker,
    guardShared: createSharedGuard(guard, guardWorker),
    judge,
    plans: createPlans({ ...given, judge }),
    served: createServed({ ...given, judge }),
  }
  const app = new Hono()

  app.onError((error, c) => answerProblem(c, asApiError(error, given.log)))
  const nothing = (path: string) =>
    new ApiError('not-found', `There is nothing at ${path}. /openapi.json lists all addresses.`)
  const editor = editorFiles(given.editor)
  // Not a route: as a route for every path it would make each unknown address one that knows GET.
  app.notFound((c) => {
    const isPage = (c.req.method === 'GET' || c.req.method === 'HEAD') && !machines.test(c.req.path)
    return isPage ? editor.fetch(c.req.raw, c.env) : answerProblem(c, nothing(c.req.path))
  })
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        answerProblem(
          c,
          new ApiError('method-not-allowed', `${c.req.method} is not for this address; ${methods.join(', ')} are.`, {
            headers: { allow: methods.join(', ') },
          }),
        ),
    }),
  )
  app.use(checkOrigin(given.allowed))
  app.use(async (c, next) => {
    await next()
    c.res.headers.set('x-content-type-options', 'nosniff')
    // What an API answers is nobody's to keep, unless its route says so.
    if (c.req.path.startsWith('/api') && !c.res.headers.has('cache-control'))
      c.res.headers.set('cache-control', 'no-store')
  })

  app.route('/hooks', hookCalls(parts))
  app.route('/api', apiRoutes(parts))
  app.route('/v1', openAiRoutes(parts))
  app.route('/auth', signInLink(parts))
  app.route('/', healthRoutes(parts))
  let openApi: string | undefined
  app.get('/openapi.json', (c) => {
    openApi ??= JSON.stringify(describeApi(app, named, given.version))
    return c.body(openApi, 200, { 'content-type': 'application/json' })
  })
  return app
}

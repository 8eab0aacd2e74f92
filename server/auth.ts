import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { ApiKey } from '#runtime/store/api-keys.ts'
import { attach } from './describe.ts'
import { ApiError } from './errors.ts'
import { allows, type Scope } from './scopes.ts'
import { sameText } from './tokens.ts'

/** Who asks. */
export type Principal = {
  workspace: string
  scope: Scope
  by: 'session' | 'key' | 'admin-token'
  /** Id of the API key. */
  key?: string
  /** The deployments and models that the key may call; absent for all. */
  only?: readonly string[]
}
export type ApiEnv = { Variables: { principal: Principal } }
/** A worker that has enrolled. */
export type WorkerPrincipal = { workspace: string; id: string }
export type WorkerEnv = { Variables: { worker: WorkerPrincipal } }

/** What access is decided by. */
export type Access = {
  workspace: string
  adminToken?: string
  findKey: (token: string) => Promise<ApiKey | undefined>
  findWorker: (token: string) => Promise<WorkerPrincipal | undefined>
  /** The workspace of a session. */
  findSession: (token: string) => Promise<string | undefined>
  /** Cookies know no ports: two servers on one machine must not share one. */
  cookie: string
}

const bearer = /^Bearer +(\S+)\s*$/i

const byToken = async (access: Access, token: string): Promise<Principal | undefined> => {
  if (access.adminToken !== undefined && sameText(token, access.adminToken)) {
    return { workspace: access.workspace, scope: 'admin', by: 'admin-token' }
  }
  const key = await access.findKey(token)
  return (
    key && {
      workspace: key.workspace,
      scope: key.scope,
      by: 'key',
      key: key.id,
      ...(key.only !== null && { only: key.only }),
    }
  )
}

/** Who asks, or undefined. An Authorization header that is wrong is an error, even beside a good cookie. */
export const identify = async (c: Context, access: Access): Promise<Principal | undefined> => {
  const header = c.req.header('authorization')
  if (header !== undefined) {
    const token = bearer.exec(header)?.[1]
    const principal = token === undefined ? undefined : await byToken(access, token)
    if (principal) return principal
    throw new ApiError('sign-in', 'The API key in the Authorization header is not known. Make one in the settings.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
  const cookie = getCookie(c, access.cookie)
  if (cookie === undefined) return undefined
  const workspace = await access.findSession(cookie)
  return workspace === undefined ? undefined : { workspace, scope: 'admin', by: 'session' }
}

/** Whether a token opens the settings: the admin token or an admin key. */
export const tokenIsAdmin = async (access: Access, token: string): Promise<boolean> =>
  (await byToken(access, token))?.scope === 'admin'

export type Guard = (scope: Scope) => MiddlewareHandler<ApiEnv>

/** Lets only those pass who may do what `scope` says. */
export const createGuard =
  (access: Access): Guard =>
  (scope) =>
    attach<MiddlewareHandler<ApiEnv>>(
      async (c, next) => {
        const principal = await identify(c, access)
        if (!principal) {
          throw new ApiError(
            'sign-in',
            'Open the sign-in link that the server printed when it started, or send an API key as Authorization: Bearer.',
            { headers: { 'www-authenticate': 'Bearer' } },
          )
        }
        if (!allows(principal.scope, scope)) {
          throw new ApiError('forbidden', `This needs a key with the scope "${scope}"; yours has "${principal.scope}".`)
        }
        c.set('principal', principal)
        await next()
      },
      { scope },
    )

/** The bearer token that was sent, whosever it is. */
export const bearerOf = (c: Context): string | undefined => bearer.exec(c.req.header('authorization') ?? '')?.[1]

const workerToken = (c: Context): string | undefined => {
  const token = bearerOf(c)
  return token?.startsWith('pb_worker_') ? token : undefined
}

export type WorkerGuard = MiddlewareHandler<WorkerEnv>

/** Lets only enrolled workers pass. */
export const createWorkerGuard = (access: Pick<Access, 'findWorker'>): WorkerGuard =>
  attach<WorkerGuard>(
    async (c, next) => {
      const token = workerToken(c)
      const worker = token === undefined ? undefined : await access.findWorker(token)
      if (!worker) {
        throw new ApiError(
          'sign-in',
          'This needs the token of an enrolled worker. It may have been removed; enrol it again with a one-time token.',
          { headers: { 'www-authenticate': 'Bearer' } },
        )
      }
      c.set('worker', worker)
      await next()
    },
    { scope: 'work' },
  )

/** Workers, and those who may do what `scope` says: both move artifacts. */
export const createSharedGuard = (guard: Guard, workers: WorkerGuard) => (scope: Scope) =>
  attach<MiddlewareHandler>((c, next) => (workerToken(c) === undefined ? guard(scope)(c, next) : workers(c, next)), {
    scope,
  })
export type SharedGuard = ReturnType<typeof createSharedGuard>

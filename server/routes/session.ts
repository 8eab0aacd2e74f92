import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { sessionDays } from '#runtime/store/sessions.ts'
import type { Session } from '../api.ts'
import { identify, tokenIsAdmin } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError } from '../errors.ts'
import { jsonBody } from '../input.ts'
import type { Parts } from '../parts.ts'
import { session } from '../schemas.ts'
import { pageHeaders } from '../static.ts'

const lifetime = sessionDays * 24 * 60 * 60
const signing = z.object({ token: z.string().min(1).max(500) })

const begin = async (c: Context, { stores, workspace, cookie }: Parts): Promise<void> => {
  setCookie(c, cookie, await stores.sessions.create(workspace), {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: lifetime,
    // Behind a proxy that speaks TLS the cookie must not travel without it.
    secure: c.req.header('x-forwarded-proto') === 'https',
  })
}

const used = () =>
  new ApiError(
    'sign-in',
    'This sign-in link was used or has expired. Restart the server for a new one, or use an API key.',
  )

export const sessionRoutes = (parts: Parts) =>
  new Hono()
    .get(
      '/',
      describe(
        'Who is asking',
        { 200: { description: 'Whether you are signed in', schema: session } },
        { scope: null },
      ),
      async (c) => {
        const principal = await identify(c, parts.access)
        return c.json<Session>({
          signedIn: principal !== undefined,
          workspace: principal?.workspace ?? '',
          version: parts.version,
        })
      },
    )
    .post(
      '/',
      describe(
        'Sign a browser in with the token of the link or an admin key',
        { 204: { description: 'The cookie is set' } },
        { scope: null },
      ),
      jsonBody(signing),
      async (c) => {
        const { token } = c.req.valid('json')
        if (!parts.signIn.redeem(token) && !(await tokenIsAdmin(parts.access, token))) throw used()
        await begin(c, parts)
        return c.body(null, 204)
      },
    )
    .delete('/', describe('Sign out', { 204: { description: 'The session is gone' } }, { scope: null }), async (c) => {
      const token = getCookie(c, parts.cookie)
      if (token !== undefined) await parts.stores.sessions.end(token)
      deleteCookie(c, parts.cookie, { path: '/' })
      return c.body(null, 204)
    })

/** A page that goes on by itself, within this server only. */
const onwards = (to = '/'): string => {
  const path = /^\/[\w/-]*$/.test(to) && !to.startsWith('//') ? to : '/'
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${path}"><title>Patchbay</title>`
}

/**
 * `GET /auth/sign-in?token=…`, the printed link. It answers a page that goes on by itself: after a redirect from
 * elsewhere the browser would not send a SameSite=Strict cookie.
 */
export const signInLink = (parts: Parts) =>
  new Hono().get('/sign-in', async (c) => {
    const good = parts.signIn.redeem(c.req.query('token') ?? '')
    if (good) await begin(c, parts)
    // A bookmarked or reloaded link is no reason to send a signed-in person away; anyone else is told on the page.
    const known = good || (await identify(c, parts.access).catch(() => undefined)) !== undefined
    return c.html(onwards(known ? c.req.query('to') : '/'), known ? 200 : 401, {
      ...pageHeaders,
      'cache-control': 'no-store',
    })
  })

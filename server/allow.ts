import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import { isLoopback } from './env.ts'
import { ApiError } from './errors.ts'

export type Allowed = {
  /** What the server is bound to: a loopback address takes loopback names only. */
  host: string
  /** Further names, such as that of a reverse proxy or a tunnel. */
  hosts: readonly string[]
  /** Further origins, whole: `https://app.example.com`. */
  origins: readonly string[]
}

/** `name:port` and `[::1]:port` without the port, in lower case. */
export const hostName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')

/**
 * A page that rebinds its own name to our address still sends its own name in Host. Addresses cannot be rebound, so a
 * server that is open to other machines takes any address, but names only when they are listed.
 */
export const hostAllowed = (header: string, allowed: Allowed): boolean => {
  const name = hostName(header)
  if (isLoopback(name) || allowed.hosts.some((host) => hostName(host) === name)) return true
  return !isLoopback(allowed.host) && (isIP(name) !== 0 || name === allowed.host.toLowerCase())
}

/** A browser names the page that asks. Ours has the very Host that it asks; a sandboxed one says `null`. */
export const originAllowed = (origin: string, host: string, allowed: Allowed): boolean => {
  if (allowed.origins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  return new URL(origin).host === host.toLowerCase().replace(/:80$/, '')
}

/** Refuses names and pages that are not ours, on every method: reading is as much a risk as writing. */
export const checkOrigin =
  (allowed: Allowed): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host
    if (!hostAllowed(host, allowed)) {
      throw new ApiError(
        'host-refused',
        'This server does not answer under the name in the Host header. Add the name to PATCHBAY_HOSTS if it is yours.',
      )
    }
    const origin = c.req.header('origin')
    if (origin !== undefined && !originAllowed(origin, host, allowed)) {
      throw new ApiError(
        'origin-refused',
        'A page of another origin asked. Add its origin to PATCHBAY_ORIGINS if it is yours.',
      )
    }
    await next()
  }

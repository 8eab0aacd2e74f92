import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { type Allowed, checkOrigin } from './allow.ts'
import { type ApiError, answerProblem } from './errors.ts'

const appOf = (allowed: Allowed) => {
  const app = new Hono()
  app.onError((error, c) => answerProblem(c, error as ApiError))
  app.use(checkOrigin(allowed))
  return app.all('*', (c) => c.text('in'))
}
const local: Allowed = { host: '127.0.0.1', hosts: [], origins: [] }
const open: Allowed = { host: '0.0.0.0', hosts: ['hub.example.com'], origins: ['https://app.example.com'] }
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const

describe('Host and Origin', () => {
  test.each([
    [local, '127.0.0.1:4747', undefined, 200],
    [local, 'localhost:4747', 'http://localhost:4747', 200],
    [local, '[::1]:4747', 'http://[::1]:4747', 200],
    [local, 'LOCALHOST', undefined, 200],
    [local, 'rebound.example.com', undefined, 403],
    [local, 'rebound.example.com:4747', 'http://rebound.example.com:4747', 403],
    [local, 'localhost.example.com', undefined, 403],
    [local, '127.0.0.1.example.com', undefined, 403],
    [local, '192.168.0.7:4747', undefined, 403],
    [local, 'localhost:4747', 'http://localhost:3000', 403],
    [local, 'localhost:4747', 'http://127.0.0.1:4747', 403],
    [local, 'localhost:4747', 'https://evil.example.com', 403],
    [local, 'localhost:4747', 'null', 403],
    [local, 'localhost:4747', 'localhost:4747', 403],
    [local, 'localhost:80', 'http://localhost', 200],
    [open, '192.168.0.7:4747', 'http://192.168.0.7:4747', 200],
    [open, '[fe80::1]:4747', undefined, 200],
    [open, 'hub.example.com', 'https://hub.example.com', 200],
    [open, 'hub.example.com', 'https://app.example.com', 200],
    [open, 'other.example.com', undefined, 403],
  ])('%o asked as %s from %s: %i on every method', async (allowed, host, origin, status) => {
    const app = appOf(allowed)
    for (const method of methods) {
      const response = await app.request('/x', { method, headers: { host, ...(origin && { origin }) } })
      expect([method, response.status]).toEqual([method, status])
    }
  })
})

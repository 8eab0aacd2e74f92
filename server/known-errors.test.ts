import { HTTPException } from 'hono/http-exception'
import { describe, expect, test } from 'vitest'
import { DatabaseError } from '#runtime/store/database-error.ts'
import { RuntimeRefusal, refusalCodes } from '#runtime/store/refusal.ts'
import { ApiError, problems } from './errors.ts'
import { asApiError } from './known-errors.ts'

const told = (error: unknown) => {
  const logged: unknown[] = []
  const problem = asApiError(error, (...line) => logged.push(line))
  return { problem, logged }
}

describe('errors of the runtime, as the API tells them', () => {
  test.each([
    ['queue-full', 429],
    ['idempotency-conflict', 422],
    ['database-down', 503],
    ['stopping', 503],
    ['bad-input', 422],
    ['fenced', 503],
  ] as const)('%s is %i', (code, status) => {
    const { problem, logged } = told(new RuntimeRefusal(code, 'what to do', { retryAfter: 3 }))
    expect([problem.status, problem.message, logged]).toEqual([status, 'what to do', []])
    expect(problem.extra.headers?.['retry-after']).toBe(status === 429 || status === 503 ? '3' : undefined)
  })
  test('every refusal is listed above', () => expect(refusalCodes).toHaveLength(6))
  test.each(['connection-lost', '57P01', '53300'])('a database that says %s is 503 with Retry-After', (code) => {
    const { problem } = told(new DatabaseError(code, 'password=hunter2 host=10.0.0.1'))
    expect(problem).toMatchObject({ status: 503, extra: { headers: { 'retry-after': '2' } } })
    expect(JSON.stringify(problem)).not.toContain('hunter2')
  })
  test('data that the database refuses is 422', () => {
    expect(told(new DatabaseError('22P05', 'x')).problem.status).toBe(422)
  })
  test('what nobody foresaw is 500, logged whole and told without details', () => {
    const { problem, logged } = told(new Error('secret detail'))
    expect(problem.status).toBe(500)
    expect(JSON.stringify(problem)).not.toContain('secret detail')
    expect(logged).toHaveLength(1)
  })
  test('a client’s fault that hono found is 400', () => expect(told(new HTTPException(400)).problem.status).toBe(400))
})

describe('problems', () => {
  test('have the members of RFC 9457, and no extra one replaces them', () => {
    const error = new ApiError('too-large', 'Send less.', { more: { limit: 1, status: 200 } })
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      type: 'about:blank',
      title: 'The body is too large',
      status: 413,
      code: 'too-large',
      detail: 'Send less.',
      limit: 1,
    })
  })
  test('have codes in one style', () => {
    for (const code of Object.keys(problems)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })
})

import { afterEach, expect, it, vi } from 'vitest'
import { ApiError, call, send } from './client.ts'

const answer = (body: string, init: ResponseInit) =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, init)))
afterEach(() => vi.unstubAllGlobals())

it('turns problem details into an error with the stable code', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Someone saved before you',
    status: 412,
    code: 'revision-conflict',
    detail: 'Load it.',
  }
  answer(JSON.stringify(problem), { status: 412, headers: { 'content-type': 'application/problem+json' } })
  const error = await call('PUT', '/api/pipelines/1').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({ code: 'revision-conflict', status: 412, message: 'Load it.', problem })
})

it('keeps its head where a proxy answers with a page', async () => {
  answer('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } })
  await expect(call('GET', '/api/runs')).rejects.toMatchObject({ code: 'http-502', status: 502 })
})

it('says offline where no answer comes, but lets an abort through', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(send('GET', '/api/runs')).rejects.toMatchObject({ code: 'offline', status: 0 })
  vi.stubGlobal('fetch', () => Promise.reject(new DOMException('Stopped', 'AbortError')))
  await expect(send('GET', '/api/runs')).rejects.toMatchObject({ name: 'AbortError' })
})

it('leaves out what is not asked for, and sends nothing as JSON that is none', async () => {
  const fetched = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(new Response(null, { status: 204 })))
  vi.stubGlobal('fetch', fetched)
  expect(await call('GET', '/api/runs', { query: { limit: 50, cursor: undefined, pipeline: 'a b' } })).toBeUndefined()
  expect(fetched.mock.calls[0]?.[0]).toBe('/api/runs?limit=50&pipeline=a+b')
  await call('PUT', '/api/files/x', { body: new Blob(['x']) })
  expect(fetched.mock.calls[1]?.[1].headers).toEqual({})
})

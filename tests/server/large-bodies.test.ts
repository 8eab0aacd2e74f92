import { request } from 'node:http'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Hook, Saved } from '#server/api.ts'
import { type StartedServer, startServer } from '#tests/support/start-server.ts'
import { wire } from '#tests/support/wire.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const chunk = Buffer.alloc(1_000_000, 'x')
const chunks = 60

/** Sends 60 MB without a declared length, as long as the server reads; resolves with status and type of the answer. */
const stream = (url: string, headers: Record<string, string>) =>
  new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } })
    let answered = false
    sent.on('response', (response) => {
      answered = true
      resolve([response.statusCode, response.headers['content-type']])
      response.resume()
      sent.destroy()
    })
    // A server that has answered may cut what is still being sent.
    sent.on('error', (error) => answered || reject(error))
    const write = (left: number) => {
      if (answered) return
      if (left === 0) sent.end('"}')
      else sent.write(chunk, () => write(left - 1))
    }
    sent.write('{"document":"')
    write(chunks)
  })

let server: StartedServer
let authorization: string
beforeAll(async () => {
  server = await startServer()
  authorization = `Bearer ${server.adminToken}`
})
afterAll(() => server.end())

const megabytes = async () => {
  const text = await (await fetch(`${server.url}/metrics`, { headers: { authorization } })).text()
  return Number(/process_resident_memory_bytes (\d+)/.exec(text)?.[1]) / 1e6
}
const post = async <Body>(path: string, body: unknown) => {
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as Body
}

test('streams of 60 MB, five at once at each address, are refused without being kept in memory', async () => {
  const document = wire({ ask: { type: 'input', config: { fields: { q: 'text' } } } })
  const { id } = await post<Saved>('/api/pipelines', { document })
  const { url } = await post<Hook & { url: string }>('/api/hooks', { name: 'large', pipeline: id, auth: 'none' })
  const before = await megabytes()
  for (const path of ['/api/pipelines', `/api/pipelines/${id}/runs`, url]) {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => stream(server.url + path, path === url ? {} : { authorization })),
    )
    expect(answers).toEqual(Array(5).fill([413, 'application/problem+json']))
  }
  // 900 MB were offered; the limits let 15 × 10 MB in at most, and five of them at a time.
  expect((await megabytes()) - before).toBeLessThan(250)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

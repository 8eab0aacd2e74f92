import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Page, PipelineSummary, Saved } from '#server/api.ts'
import { createDatabase } from '#tests/support/postgres.ts'
import { type StartedServer, startServer } from '#tests/support/start-server.ts'
import { wire } from '#tests/support/wire.ts'

// Starting the product takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > out.a',
)
const askOf =
  (server: StartedServer) =>
  (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

const pull = (count: number, chunk: Uint8Array) => {
  let left = count
  return (controller: ReadableStreamDefaultController<Uint8Array>) =>
    left-- > 0 ? controller.enqueue(chunk) : controller.close()
}

describe('the whole product as a process', () => {
  let server: StartedServer
  let ask: ReturnType<typeof askOf>
  beforeAll(async () => {
    server = await startServer()
    ask = askOf(server)
  })
  afterAll(() => server.end())

  test('a first start has the sample, and the link opens it signed in', async () => {
    const list = (await (await ask('GET', '/api/pipelines')).json()) as Page<PipelineSummary>
    expect(list.items.map((one) => one.name)).toEqual(['Ticket triage'])
    const page = await (await fetch(server.link)).text()
    expect(page).toContain(`url=/p/${list.items[0]?.id}`)
  })

  test('60 MB with a declared length are refused at once, and the server goes on', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${server.adminToken}`,
        'content-type': 'application/json',
        'content-length': 60_000_000,
      }
      const sent = request(`${server.url}/api/pipelines`, { method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('error', reject)
      // Only the beginning: the answer must come without the rest.
      sent.write('{"document":')
    })
    expect(status).toBe(413)
    expect((await ask('GET', '/healthz')).status).toBe(200)
  })

  test.each(['with', 'without'])(
    '60 MB that are really sent, %s a declared length, get a problem, not a broken connection',
    async (how) => {
      const chunk = new Uint8Array(1_000_000).fill(0x20)
      const stream = () => new ReadableStream({ start: () => undefined, pull: pull(60, chunk) })
      const response = await fetch(`${server.url}/api/pipelines`, {
        method: 'POST',
        headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
        body: how === 'with' ? new Uint8Array(60_000_000).fill(0x20) : stream(),
        duplex: 'half',
      } as RequestInit)
      expect([response.status, response.headers.get('content-type')]).toEqual([413, 'application/problem+json'])
      expect(((await response.json()) as { code: string }).code).toBe('too-large')
      expect((await ask('GET', '/healthz')).status).toBe(200)
    },
  )

  test.each([
    ['a request line that is none', 'NONSENSE\r\n\r\n'],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a foreign Host', 'GET /healthz HTTP/1.1\r\nHost: rebound.example.com\r\nConnection: close\r\n\r\n'],
    ['a Host that is none', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    [
      'an absolute address',
      'GET http://rebound.example.com/healthz HTTP/1.1\r\nHost: rebound.example.com\r\nConnection: close\r\n\r\n',
    ],
  ])('%s is 4xx', async (_, text) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text))
      let all = ''
      socket.on('data', (chunk) => {
        all += chunk
      })
      socket.on('error', reject)
      socket.on('close', () => resolve(all))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  })

  test('metrics are in the text format', async () => {
    const text = await (await ask('GET', '/metrics')).text()
    expect(text).toMatch(/^# HELP patchbay_runs /)
    expect(text).toMatch(/process_resident_memory_bytes \d+\n/)
  })

  test('PATCHBAY_ADMIN_TOKEN, keys and bodies are in no log line', () => {
    expect(server.stderr()).not.toContain(server.adminToken)
  })
})

describe.each(['pglite', 'postgres'] as const)('after a stop on %s', (driver) => {
  test('everything is there again, and a signal ends the process cleanly', async () => {
    const data = await mkdtemp(join(tmpdir(), 'patchbay-again-'))
    const options = { data, ...(driver === 'postgres' && { databaseUrl: await createDatabase(inject('postgresUrl')) }) }
    const first = await startServer(options)
    const saved = (await (await askOf(first)('POST', '/api/pipelines', { document: echo })).json()) as Saved
    const started = await askOf(first)('POST', `/api/pipelines/${saved.id}/runs?wait=20`, { input: { q: 'kept' } })
    const run = (await started.json()) as RunRecord
    expect(run).toMatchObject({ status: 'succeeded', output: { a: 'kept' } })
    expect(await first.end('SIGTERM')).toBe(0)

    const second = await startServer(options)
    try {
      const again = (await (await askOf(second)('GET', `/api/runs/${run.id}`)).json()) as RunRecord
      expect(again).toMatchObject({ id: run.id, output: { a: 'kept' }, number: run.number })
      const list = (await (await askOf(second)('GET', '/api/pipelines')).json()) as Page<PipelineSummary>
      expect(list.items.map((one) => one.name).sort()).toEqual(['Test', 'Ticket triage'])
    } finally {
      expect(await second.end('SIGINT')).toBe(0)
      await rm(data, { recursive: true, force: true })
    }
  })
})

test('a taken port and a second process on one folder are told in words', async () => {
  const server = await startServer()
  try {
    const port = new URL(server.url).port
    await expect(startServer({ environment: { PORT: port } })).rejects.toThrow(/Port \d+ is taken/)
    await expect(startServer({ environment: { HOST: '0.0.0.0', PATCHBAY_ADMIN_TOKEN: '' } })).rejects.toThrow(
      /PATCHBAY_ADMIN_TOKEN/,
    )
  } finally {
    await server.end()
  }
})

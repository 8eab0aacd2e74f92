import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import { digestOf, enrolWorker, type JobWorker } from '#tests/support/job-worker.ts'
import { type Listening, listening } from '#tests/support/listening-app.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'

let app: TestApp
let worker: JobWorker
let server: Listening
beforeAll(async () => {
  app = await openApp(await openDatabase({ memory: true }))
  worker = await enrolWorker(app)
  server = await listening(app)
})
afterAll(async () => {
  server.stop()
  await app.stop()
})

const offset = async (sha256: string) => {
  const response = await worker.send('HEAD', `/api/uploads/${sha256}`)
  return [response.status, Number(response.headers.get('upload-offset'))]
}
const sizes = (from: number, length: number) => ({ 'upload-offset': String(from), 'upload-length': String(length) })
const patch = (sha256: string, from: number, length: number, bytes: Uint8Array, as = worker.token) =>
  fetch(`${server.url}/api/uploads/${sha256}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${as}`, ...sizes(from, length) },
    body: new Uint8Array(bytes),
  })
const download = (sha256: string, range?: string, method = 'GET') =>
  worker.send(method, `/api/artifacts/${sha256}`, undefined, range === undefined ? {} : { range })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

test('a file that comes in parts is there under its digest, whole, and not before', async () => {
  const file = randomBytes(300_000)
  const sha256 = digestOf(file)
  expect(await offset(sha256)).toEqual([204, 0])
  for (const [from, to] of [
    [0, 100_000],
    [100_000, 299_999],
  ] as const) {
    const response = await patch(sha256, from, file.length, file.subarray(from, to))
    expect([response.status, response.headers.get('upload-offset')]).toEqual([204, String(to)])
    expect((await download(sha256)).status).toBe(404)
  }
  expect((await patch(sha256, 299_999, file.length, file.subarray(299_999))).status).toBe(204)
  expect(await bytesOf(await download(sha256))).toEqual(file)
  // Sent once more by a worker that did not hear the answer: it is there.
  expect((await patch(sha256, 0, file.length, file)).headers.get('upload-offset')).toBe(String(file.length))
  expect(await offset(sha256)).toEqual([204, file.length])
})

test('an upload whose connection breaks goes on from what came', async () => {
  const file = randomBytes(2_000_000)
  const sha256 = digestOf(file)
  await new Promise<void>((resolve) => {
    const sent = request(`${server.url}/api/uploads/${sha256}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${worker.token}`, ...sizes(0, file.length), 'content-length': file.length },
    })
    sent.on('error', () => resolve())
    sent.write(file.subarray(0, 1_200_000), () => setTimeout(() => sent.destroy(), 200))
    sent.on('close', () => resolve())
  })
  // The server has noticed when it accepts the rest.
  await expect
    .poll(
      async () => {
        const [, there = 0] = await offset(sha256)
        if (there === 0) return 409
        return (await patch(sha256, there, file.length, file.subarray(there))).status
      },
      { timeout: 10_000 },
    )
    .toBe(204)
  expect(await bytesOf(await download(sha256))).toEqual(file)
})

test('bytes from the wrong place are refused, with the right one told', async () => {
  const file = randomBytes(1_000)
  const sha256 = digestOf(file)
  await patch(sha256, 0, 1_000, file.subarray(0, 400))
  for (const from of [0, 399, 401, 1_000]) {
    const response = await patch(sha256, from, 1_000, file.subarray(from))
    expect(response.headers.get('upload-offset')).toBe('400')
    expect(await problemOf(response)).toMatchObject({ status: 409, code: 'offset-conflict' })
  }
  expect((await patch(sha256, 400, 1_000, file.subarray(400))).status).toBe(204)
})

test('a refused upload leaves its connection to the next request', async () => {
  const file = randomBytes(800_000)
  const sha256 = digestOf(file)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const send = (from: number) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${worker.token}`, ...sizes(from, file.length) }
      const sent = request(`${server.url}/api/uploads/${sha256}`, { method: 'PATCH', headers, agent })
      sent.on('error', reject)
      sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
      sent.end(file.subarray(from))
    })
  try {
    expect([await send(7), await send(7), await send(0), await send(0), await send(0)]).toEqual([
      409, 409, 204, 204, 204,
    ])
  } finally {
    agent.destroy()
  }
})

test('two uploads of the same file at once do not mix', async () => {
  const file = randomBytes(500_000)
  const sha256 = digestOf(file)
  const both = await Promise.all([0, 1].map(() => patch(sha256, 0, file.length, file)))
  expect(both.map(({ status }) => status).every((status) => status === 204 || status === 409)).toBe(true)
  expect(both.some(({ status }) => status === 204)).toBe(true)
  expect(await bytesOf(await download(sha256))).toEqual(file)
})

test('bytes that are not what their digest says are removed', async () => {
  const sha256 = digestOf('what was announced')
  const response = await patch(sha256, 0, 4, Buffer.from('else'))
  expect(await problemOf(response)).toMatchObject({ status: 422, code: 'invalid' })
  expect(await offset(sha256)).toEqual([204, 0])
  expect((await download(sha256)).status).toBe(404)
})

test('more bytes than were announced, too large a file and missing sizes are refused', async () => {
  const sha256 = digestOf('four')
  expect(await problemOf(await patch(sha256, 0, 4, Buffer.from('four and more')))).toMatchObject({ status: 413 })
  expect(await problemOf(await patch(sha256, 0, 30e9, Buffer.from('four')))).toMatchObject({ status: 400 })
  for (const headers of [{}, { 'upload-offset': '0' }, { 'upload-offset': '-1', 'upload-length': '4' }, sizes(0, 0.5)])
    expect(
      await problemOf(await app.ask('PATCH', `/api/uploads/${sha256}`, { as: worker.token, headers, body: 'four' })),
    ).toMatchObject({ status: 400, code: 'bad-request' })
  for (const path of ['x', sha256.slice(1), sha256.toUpperCase(), `${sha256}/..`])
    expect((await worker.send('HEAD', `/api/uploads/${path}`)).status).toBe(404)
})

test('an empty file can be uploaded', async () => {
  const sha256 = digestOf('')
  expect((await patch(sha256, 0, 0, Buffer.alloc(0))).status).toBe(204)
  expect((await bytesOf(await download(sha256))).length).toBe(0)
})

test('a download can begin, end and resume anywhere', async () => {
  const file = randomBytes(1_000)
  const sha256 = digestOf(file)
  await patch(sha256, 0, file.length, file)
  const whole = await download(sha256, undefined, 'HEAD')
  expect([whole.status, whole.headers.get('content-length'), whole.headers.get('accept-ranges')]).toEqual([
    200,
    '1000',
    'bytes',
  ])
  for (const [range, from, to] of [
    ['bytes=0-0', 0, 1],
    ['bytes=200-', 200, 1_000],
    ['bytes=200-299', 200, 300],
    ['bytes=900-5000', 900, 1_000],
    ['bytes=-100', 900, 1_000],
  ] as const) {
    const response = await download(sha256, range)
    expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/1000`])
    expect(await bytesOf(response)).toEqual(file.subarray(from, to))
  }
  for (const range of ['bytes=1000-', 'bytes=5-4', 'bytes=-0']) {
    const response = await download(sha256, range)
    expect(response.headers.get('content-range')).toBe('bytes */1000')
    expect(await problemOf(response)).toMatchObject({ status: 416, code: 'range-unsatisfiable' })
  }
})

test('only workers and those who may run get to files', async () => {
  const file = randomBytes(10)
  const sha256 = digestOf(file)
  for (const as of ['pb_worker_of-nobody', 'nonsense']) expect((await patch(sha256, 0, 10, file, as)).status).toBe(401)
  const { key } = await app.answer<{ key: string }>('POST', '/api/keys', { body: { name: 'calls', scope: 'serve' } })
  expect((await patch(sha256, 0, 10, file, key)).status).toBe(403)
  expect((await app.ask('GET', `/api/artifacts/${sha256}`, { as: key })).status).toBe(403)
  expect(await offset(sha256)).toEqual([204, 0])
})

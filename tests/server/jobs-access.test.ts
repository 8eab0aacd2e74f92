import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { makeJob, readJob } from '#runtime/store/jobs.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { createWorker } from '#runtime/store/workers.ts'
import { enrolWorker, type JobWorker } from '#tests/support/job-worker.ts'
import { newJob } from '#tests/support/jobs.ts'
import { adminToken, openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'

let database: Database
let app: TestApp
let worker: JobWorker
beforeAll(async () => {
  database = await openDatabase({ memory: true })
  app = await openApp(database)
  worker = await enrolWorker(app)
})
afterAll(() => app.stop())

const missing = '00000000-0000-7000-8000-00000000000a'
const ask = { capabilities: ['train'], gpus: 0, memory: 0, wait: 0 }
const calls: [title: string, path: string, body: unknown][] = [
  ['asks for a job', '/api/leases/next', ask],
  ['reports', `/api/leases/${missing}/events`, { attempt: 1, events: [] }],
  ['ends', `/api/leases/${missing}/end`, { attempt: 1, status: 'cancelled' }],
]

describe('only an enrolled worker', () => {
  test.each(calls)('%s', async (_, path, body) => {
    for (const as of [null, adminToken, 'pb_worker_of-nobody', `${worker.token}x`])
      expect(await problemOf(await app.ask('POST', path, { as, body }))).toMatchObject({ status: 401, code: 'sign-in' })
  })
  test.each(calls)('%s no more once it was removed', async (_, path, body) => {
    const removed = await enrolWorker(app, { name: 'removed' })
    expect((await app.ask('DELETE', `/api/workers/${removed.id}`)).status).toBe(204)
    expect((await removed.send('POST', path, body)).status).toBe(401)
  })
})

test('a worker’s token opens nothing but what workers do', async () => {
  for (const path of ['/api/jobs', '/api/workers', '/api/pipelines', '/api/secrets'])
    expect((await worker.send('GET', path)).status).toBe(401)
  expect((await worker.send('POST', `/api/jobs/${missing}/cancel`)).status).toBe(401)
})

test('a worker of another workspace sees none of its jobs, and can touch none', async () => {
  const job = await makeJob(database.query, newJob())
  const foreign = await createWorker(database.query, 'elsewhere', 'foreign')
  const as = foreign.token
  const next = { ...ask, wait: 0.2 }
  expect((await app.ask('POST', '/api/leases/next', { as, body: next })).status).toBe(204)
  expect(await worker.next({ wait: 5 })).toMatchObject({ job: job.id })
  for (const [path, body] of [
    ['events', { attempt: 1, events: [] }],
    ['end', { attempt: 1, status: 'succeeded', outputs: {}, summary: {} }],
  ] as const)
    expect(await problemOf(await app.ask('POST', `/api/leases/${job.id}/${path}`, { as, body }))).toMatchObject({
      status: 409,
      code: 'lease-lost',
    })
  expect(await readJob(database.query, 'local', job.id)).toMatchObject({ state: 'leased', attempt: 1 })
})

describe('a bad body is refused, naming the place', () => {
  const progress = (fraction: unknown) => ({ type: 'progress', fraction })
  const events = (...list: unknown[]) => ({ attempt: 1, events: list })
  test.each<[title: string, path: string, body: unknown, status: number, pointer?: string]>([
    ['no JSON', 'next', '{"capabilities":', 400],
    ['nothing', 'next', '', 400],
    ['a list', 'next', [], 422],
    ['no capabilities', 'next', { gpus: 0, memory: 0 }, 422, '/capabilities'],
    ['half a GPU', 'next', { ...ask, gpus: 0.5 }, 422, '/gpus'],
    ['a negative memory', 'next', { ...ask, memory: -1 }, 422, '/memory'],
    ['a memory beyond all numbers', 'next', '{"capabilities":[],"gpus":0,"memory":1e999}', 422, '/memory'],
    ['an hour of waiting', 'next', { ...ask, wait: 3_600 }, 422, '/wait'],
    ['a capability that is a number', 'next', { ...ask, capabilities: ['train', 7] }, 422, '/capabilities/1'],
    ['events without an attempt', 'events', { events: [] }, 422, '/attempt'],
    ['attempt 0', 'events', { attempt: 0, events: [] }, 422, '/attempt'],
    ['an attempt that no counter reaches', 'events', { attempt: 2 ** 40, events: [] }, 422, '/attempt'],
    ['an event without a number', 'events', events({ event: progress(0.5) }), 422, '/events/0/number'],
    ['event number 0', 'events', events({ number: 0, event: progress(0.5) }), 422, '/events/0/number'],
    [
      'a number that no counter reaches',
      'events',
      events({ number: 2 ** 40, event: progress(0) }),
      422,
      '/events/0/number',
    ],
    ['progress beyond the end', 'events', events({ number: 1, event: progress(1.5) }), 422, '/events/0/event/fraction'],
    ['an unknown event', 'events', events({ number: 1, event: { type: 'party' } }), 422, '/events/0/event/type'],
    [
      'a second event that is wrong',
      'events',
      events({ number: 1, event: progress(0.1) }, { number: 2, event: progress('half') }),
      422,
      '/events/1/event/fraction',
    ],
    [
      'a checkpoint without a digest',
      'events',
      events({ number: 1, event: { type: 'checkpoint', files: { a: { mime: 'x/y', bytes: 1 } } } }),
      422,
      '/events/0/event/files/a/sha256',
    ],
    [
      '1,001 events',
      'events',
      events(...Array.from({ length: 1_001 }, (_, at) => ({ number: at + 1, event: progress(0) }))),
      422,
      '/events',
    ],
    ['no status', 'end', { attempt: 1 }, 422, '/status'],
    ['an unknown status', 'end', { attempt: 1, status: 'done' }, 422, '/status'],
    ['a success without outputs', 'end', { attempt: 1, status: 'succeeded', summary: {} }, 422, '/outputs'],
    ['a failure without a reason', 'end', { attempt: 1, status: 'failed' }, 422, '/error'],
    [
      'an output that is no file',
      'end',
      { attempt: 1, status: 'succeeded', outputs: { model: 'x' }, summary: {} },
      422,
      '/outputs/model',
    ],
  ])('%s', async (_, path, body, status, pointer) => {
    const job = await makeJob(database.query, newJob({ key: `bad ${_}` }))
    const lease = await worker.next({ wait: 5 })
    expect(lease?.job).toBe(job.id)
    const response = await worker.send(
      'POST',
      path === 'next' ? '/api/leases/next' : `/api/leases/${job.id}/${path}`,
      body,
    )
    const problem = await problemOf(response)
    expect(problem.status).toBe(status)
    if (pointer !== undefined) expect(problem.errors?.map((error) => error.pointer)).toContain(pointer)
    // Nothing of it happened.
    expect(await readJob(database.query, 'local', job.id)).toMatchObject({ state: 'leased', progress: null })
    expect((await worker.end(job.id, 1)).status).toBe(204)
  })

  test.each(['nonsense', '..%2f..', `${missing}0`])('the job "%s" is none', async (id) => {
    for (const response of [worker.events(id, 1), worker.end(id, 1)]) expect((await response).status).toBe(404)
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/cancel'],
    ] as const)
      expect((await app.ask(method, `/api/jobs/${id}${path}`)).status).toBe(404)
  })
})

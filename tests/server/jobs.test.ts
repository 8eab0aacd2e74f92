import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { makeJob, readJob } from '#runtime/store/jobs.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { JobEventRecord, JobInfo, Page } from '#server/api.ts'
import { enrolWorker, gpu, type JobWorker } from '#tests/support/job-worker.ts'
import { newJob, passLeases } from '#tests/support/jobs.ts'
import { listening } from '#tests/support/listening-app.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'

let database: Database
let app: TestApp
let worker: JobWorker
let other: JobWorker
/** Asks for everything and offers nothing, so that it counts for nobody. */
let sweeper: JobWorker
beforeAll(async () => {
  database = await openDatabase({ memory: true })
  app = await openApp(database)
  worker = await enrolWorker(app, { name: 'one' })
  other = await enrolWorker(app, { name: 'two' })
  sweeper = await enrolWorker(app, { name: 'sweeper', capabilities: [] })
})
afterAll(() => app.stop())
let count = 0
const make = (more: Parameters<typeof newJob>[0] = {}) =>
  makeJob(database.query, newJob({ key: `k${count++}`, ...more }))
beforeEach(async () => {
  await database.query('delete from job_event')
  await database.query('delete from job')
  // What is known of jobs that are gone leaves with the next question.
  await sweeper.next({ gpus: 64, memory: 1e15, capabilities: ['train', 'render'] })
})
const shown = (id: string) => app.answer<JobInfo>('GET', `/api/jobs/${id}`)
const progress = (number: number, fraction: number) => ({ number, event: { type: 'progress', fraction } })

describe('POST /api/leases/next', () => {
  test('answers 204 at once, or after the time that was asked for, when there is nothing to do', async () => {
    expect(await worker.next()).toBeUndefined()
    const begun = performance.now()
    expect(await worker.next({ wait: 0.3 })).toBeUndefined()
    expect(performance.now() - begun).toBeGreaterThan(250)
  })

  test('answers as soon as a job is made while a worker waits', async () => {
    const waits = worker.next({ wait: 20 })
    const job = await make({ spec: { epochs: 3 } })
    expect(await waits).toEqual({
      job: job.id,
      attempt: 1,
      kind: 'train',
      spec: { epochs: 3 },
      inputs: {},
      checkpoint: null,
      ttl: 20,
    })
    expect(await shown(job.id)).toMatchObject({ state: 'leased', attempt: 1, worker: { id: worker.id, name: 'one' } })
  })

  test('gives a job only to a worker with its capability, its GPUs and its memory', async () => {
    const job = await make({ kind: 'render', needs: { capability: 'render', gpus: 2, memory: 40e9 } })
    const able = { capabilities: ['train', 'render'], gpus: 2, memory: 40e9 }
    for (const less of [{ capabilities: ['train'] }, { gpus: 1 }, { memory: 39e9 }])
      expect(await worker.next({ ...able, ...less, wait: 0.05 })).toBeUndefined()
    expect(await other.next({ ...able, wait: 5 })).toMatchObject({ job: job.id, kind: 'render' })
  })

  test('gives each job to one of the workers that ask at once', async () => {
    const jobs = await Promise.all(Array.from({ length: 6 }, () => make()))
    const leases = await Promise.all(Array.from({ length: 8 }, (_, at) => (at % 2 ? worker : other).next({ wait: 1 })))
    expect(leases.flatMap((lease) => lease?.job ?? []).toSorted()).toEqual(jobs.map(({ id }) => id).toSorted())
  })

  test('gives nothing to a worker whose connection broke while it waited', async () => {
    const { url, stop } = await listening(app)
    try {
      const leaves = new AbortController()
      const waits = fetch(`${url}/api/leases/next`, {
        method: 'POST',
        headers: { authorization: `Bearer ${worker.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ capabilities: ['train'], gpus: 0, memory: 64e9, wait: 30 }),
        signal: leaves.signal,
      }).catch(() => 'left')
      // Long enough for the question to be there.
      await new Promise((resolve) => setTimeout(resolve, 200))
      leaves.abort()
      expect(await waits).toBe('left')
      const job = await make()
      expect(await other.next({ wait: 10 })).toMatchObject({ job: job.id })
      expect(await readJob(database.query, 'local', job.id)).toMatchObject({ losses: 0, worker: { id: other.id } })
    } finally {
      stop()
    }
  })
})

describe('a lease', () => {
  const leased = async () => {
    const job = await make()
    const lease = await worker.next({ wait: 5 })
    expect(lease).toMatchObject({ job: job.id, attempt: 1 })
    return job.id
  }
  const until = async (id: string) => {
    const [row] = await database.query<{ left: number }>(
      `select extract(epoch from lease_until - now())::float8 as left from job where id = $1::text::uuid`,
      [id],
    )
    return row?.left ?? 0
  }

  test('is renewed by events, each of which counts once however often it comes', async () => {
    const job = await leased()
    await database.query(`update job set lease_until = now() + interval '1 second'`)
    const first = [progress(1, 0.25), { number: 2, event: { type: 'log', level: 'info', message: 'begun' } }]
    const reply = await worker.events(job, 1, first)
    expect([reply.status, await reply.json()]).toEqual([200, { cancel: false, ttl: 20 }])
    expect(await until(job)).toBeGreaterThan(15)
    // The answer was lost: the worker sends the same again, and more.
    expect((await worker.events(job, 1, [...first, progress(3, 0.5)])).status).toBe(200)
    expect((await worker.events(job, 1, first)).status).toBe(200)
    expect((await shown(job)).progress).toEqual({ fraction: 0.5 })
    const { items } = await app.answer<Page<JobEventRecord>>('GET', `/api/jobs/${job}/events`)
    expect(items.map(({ attempt, number }) => [attempt, number])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ])
  })

  test('is renewed by an empty list', async () => {
    const job = await leased()
    await database.query(`update job set lease_until = now() + interval '1 second'`)
    expect((await worker.events(job, 1)).status).toBe(200)
    expect(await until(job)).toBeGreaterThan(15)
  })

  test('ends once, and the same end again is no error', async () => {
    const job = await leased()
    const how = { status: 'succeeded', outputs: {}, summary: { loss: 0.5 } }
    expect((await worker.end(job, 1, how)).status).toBe(204)
    expect((await worker.end(job, 1, how)).status).toBe(204)
    expect(await problemOf(await worker.end(job, 1, { status: 'cancelled' }))).toMatchObject({
      status: 409,
      code: 'lease-lost',
    })
    expect(await shown(job)).toMatchObject({ state: 'succeeded', summary: { loss: 0.5 } })
    expect(await worker.next()).toBeUndefined()
  })

  test('that is given back goes on elsewhere from its checkpoint', async () => {
    const job = await leased()
    const files = { 'state.bin': { sha256: 'c'.repeat(64), mime: 'x/y', bytes: 1 } }
    await worker.events(job, 1, [{ number: 1, event: { type: 'checkpoint', files } }])
    expect((await worker.end(job, 1, { status: 'released' })).status).toBe(204)
    expect(await other.next({ wait: 5 })).toMatchObject({ job, attempt: 2, checkpoint: files })
  })

  test('that ran out is another worker’s, and whatever the first one still says gets 409', async () => {
    const job = await leased()
    await passLeases(database)
    // The patrol takes it back.
    expect(await other.next({ wait: 15 })).toMatchObject({ job, attempt: 2 })
    for (const late of [worker.events(job, 1, [progress(1, 0.9)]), worker.events(job, 1), worker.end(job, 1)])
      expect(await problemOf(await late)).toMatchObject({ status: 409, code: 'lease-lost' })
    // Not even with the new number: it is another worker's.
    expect((await worker.end(job, 2)).status).toBe(409)
    expect(await shown(job)).toMatchObject({ state: 'leased', attempt: 2, progress: null })
    expect((await other.end(job, 2)).status).toBe(204)
  })
})

describe('POST /api/jobs/:id/cancel', () => {
  const cancel = (id: string) => app.ask('POST', `/api/jobs/${id}/cancel`)

  test('ends a job that waits at once: no worker gets it', async () => {
    const job = await make()
    const response = await cancel(job.id)
    expect([response.status, await response.json()]).toEqual([202, { id: job.id, cancelled: true }])
    expect(await worker.next({ wait: 0.2 })).toBeUndefined()
    expect(await shown(job.id)).toMatchObject({ state: 'cancelled', attempt: 0 })
    expect(await (await cancel(job.id)).json()).toEqual({ id: job.id, cancelled: false })
  })

  test('tells the worker of a job with its next events, and it ends when the worker says so', async () => {
    const job = await make()
    await worker.next({ wait: 5 })
    await cancel(job.id)
    expect(await shown(job.id)).toMatchObject({ state: 'leased' })
    expect(await (await worker.events(job.id, 1)).json()).toMatchObject({ cancel: true })
    expect((await worker.end(job.id, 1, { status: 'cancelled' })).status).toBe(204)
    expect(await shown(job.id)).toMatchObject({ state: 'cancelled' })
  })

  test('of a job whose worker is never heard of again ends it all the same', async () => {
    const job = await make()
    await worker.next({ wait: 5 })
    await cancel(job.id)
    await passLeases(database)
    await expect.poll(async () => (await shown(job.id)).state, { timeout: 15_000 }).toBe('cancelled')
  })
})

test('a job that no worker could do says what none has, until one comes that could', async () => {
  const job = await make({ needs: { capability: 'train', gpus: 2, memory: 80 * 2 ** 30 } })
  expect(await shown(job.id)).toMatchObject({
    waits: 'no-capable-worker',
    lacks: { what: 'gpus', needs: 2, most: 0 },
  })
  await enrolWorker(app, { name: 'small', devices: [gpu(24), gpu(24)] })
  expect((await shown(job.id)).lacks).toEqual({ what: 'memory', needs: 80 * 2 ** 30, most: 24 * 2 ** 30 })
  const large = await enrolWorker(app, { name: 'large', devices: [gpu(80), gpu(80)] })
  await expect
    .poll(async () => await shown(job.id), { timeout: 10_000 })
    .toMatchObject({ waits: 'all-busy', lacks: null })
  expect(await large.next({ gpus: 2, memory: 80 * 2 ** 30, wait: 5 })).toMatchObject({ job: job.id })
})

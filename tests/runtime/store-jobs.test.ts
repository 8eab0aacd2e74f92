import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { LeaseEnd } from '#runtime/dispatch/protocol.ts'
import type { Database } from '#runtime/store/database.ts'
import { claimJob, endLease, expireLeases, type Holder, renewLease } from '#runtime/store/job-leases.ts'
import { cancelJob, listJobEvents, listJobs, listQueued, makeJob, readJob } from '#runtime/store/jobs.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { type Made, newJob, passLeases } from '#tests/support/jobs.ts'

const a = '00000000-0000-7000-8000-00000000000a'
const b = '00000000-0000-7000-8000-00000000000b'
const done: LeaseEnd = { attempt: 1, status: 'succeeded', outputs: {}, summary: { loss: 0.5 } }
const file = (sha256: string) => ({ 'state.bin': { sha256: sha256.repeat(64), mime: 'x/y', bytes: 1 } })
const progress = (number: number, fraction: number) => ({ number, event: { type: 'progress', fraction } as const })

eachDatabase('jobs', (on) => {
  let database: Database
  let job: Made
  beforeAll(async () => {
    database = await on.open()
  })
  beforeEach(async () => {
    await database.query('delete from job_event')
    await database.query('delete from job')
    job = await makeJob(database.query, newJob())
  })
  afterAll(async () => {
    await database.close()
    await on.clean()
  })

  const claim = async (worker: string, id = job.id) => {
    const lease = await claimJob(database.query, { workspace: 'local', id: worker }, id)
    const holder: Holder = { workspace: 'local', worker, job: id, attempt: lease?.attempt ?? 0 }
    return { lease, holder }
  }
  const end = (holder: Holder, how: LeaseEnd) =>
    endLease(database.query, holder, { ...how, attempt: holder.attempt } as LeaseEnd)
  const expire = async () => {
    await passLeases(database)
    return expireLeases(database.query)
  }
  const now = async () => {
    const found = await readJob(database.query, 'local', job.id)
    if (!found) throw new Error('The job is gone.')
    return found
  }

  test('the same key is the same job, also when twenty steps make it at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => makeJob(database.query, newJob({ key: 'twenty' }))))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    const elsewhere = await makeJob(database.query, newJob({ key: 'twenty', workspace: 'other' }))
    expect(elsewhere.id).not.toBe(made[0]?.id)
  })

  test('of all workers that claim a job at once one gets it', async () => {
    const jobs = [
      job,
      ...(await Promise.all([1, 2, 3, 4].map((at) => makeJob(database.query, newJob({ key: `k${at}` }))))),
    ]
    const claims = jobs.flatMap(({ id }) => [a, b, a, b].map((worker) => claim(worker, id)))
    const got = (await Promise.all(claims)).flatMap(({ lease }) => (lease ? [lease.job] : []))
    expect(got.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted())
    expect(await listQueued(database)).toEqual([])
  })

  test('a worker that was silent for too long loses the job, and its late result is refused', async () => {
    const first = await claim(a)
    await renewLease(database, first.holder, [{ number: 1, event: { type: 'checkpoint', files: file('c') } }])
    expect(await expireLeases(database.query)).toBe(0)
    expect(await expire()).toBe(1)
    expect(await end(first.holder, done)).toBeUndefined()
    expect(await renewLease(database, first.holder, [])).toBeUndefined()
    const second = await claim(b)
    expect(second.lease).toMatchObject({ attempt: 2, checkpoint: file('c') })
    expect(await end(first.holder, done)).toBeUndefined()
    expect(await renewLease(database, first.holder, [progress(2, 0.9)])).toBeUndefined()
    expect(await end(second.holder, done)).toEqual({ state: 'succeeded', repeated: false })
    expect(
      await end(first.holder, { attempt: 1, status: 'failed', error: { code: 'x', message: 'x', retry: false } }),
    ).toBeUndefined()
    expect(await now()).toMatchObject({ state: 'succeeded', attempt: 2, summary: { loss: 0.5 }, progress: null })
  })

  test('another worker cannot use the attempt of the one that holds it', async () => {
    const { holder } = await claim(a)
    expect(await renewLease(database, { ...holder, worker: b }, [])).toBeUndefined()
    expect(await end({ ...holder, worker: b }, done)).toBeUndefined()
    expect(await renewLease(database, { ...holder, workspace: 'other' }, [])).toBeUndefined()
  })

  test('three losses in a row fail the job; progress starts the count anew', async () => {
    for (const [fraction, losses] of [
      [0, 1],
      [0.2, 1],
      [0, 2],
    ] as const) {
      const { holder } = await claim(a)
      if (fraction > 0) await renewLease(database, holder, [progress(1, fraction)])
      await expire()
      expect(await now()).toMatchObject({ state: 'queued', losses })
    }
    // Getting as far as before is no progress.
    const { holder } = await claim(b)
    await renewLease(database, holder, [progress(1, 0.2)])
    await expire()
    expect(await now()).toMatchObject({ state: 'failed', error: { code: 'job-lost' } })
    expect((await now()).endedAt).not.toBeNull()
  })

  test('a job that is released goes on elsewhere and nothing is counted', async () => {
    for (let at = 1; at <= 4; at += 1) {
      const { holder } = await claim(a)
      expect(holder.attempt).toBe(at)
      expect(await end(holder, { attempt: at, status: 'released' })).toEqual({ state: 'queued', repeated: false })
      expect(await end(holder, { attempt: at, status: 'released' })).toEqual({ state: 'queued', repeated: true })
      expect(await end(holder, done)).toBeUndefined()
    }
    expect(await now()).toMatchObject({ state: 'queued', losses: 0 })
  })

  test('a failure that may pass is tried again, three times at most; another one ends the job', async () => {
    const error = { code: 'out-of-memory', message: 'Too little memory.', retry: true }
    for (const state of ['queued', 'queued', 'failed']) {
      const { holder } = await claim(a)
      expect(await end(holder, { attempt: 1, status: 'failed', error })).toMatchObject({ state })
    }
    expect(await now()).toMatchObject({ state: 'failed', error: { code: 'out-of-memory' } })
    job = await makeJob(database.query, newJob({ key: 'other' }))
    const { holder } = await claim(a)
    await end(holder, { attempt: 1, status: 'failed', error: { ...error, retry: false } })
    expect((await now()).state).toBe('failed')
  })

  test('the same end twice is one', async () => {
    const { holder } = await claim(a)
    expect(await end(holder, done)).toEqual({ state: 'succeeded', repeated: false })
    expect(await end(holder, done)).toEqual({ state: 'succeeded', repeated: true })
    expect(await end(holder, { attempt: 1, status: 'cancelled' })).toBeUndefined()
    expect((await now()).state).toBe('succeeded')
  })

  test('the same events twice are one, and an old list does not set progress back', async () => {
    const { holder } = await claim(a)
    const first = [progress(1, 0.1), { number: 2, event: { type: 'log', level: 'info', message: 'a\u0000b' } as const }]
    await renewLease(database, holder, first)
    await renewLease(database, holder, [...first, progress(3, 0.4)])
    await renewLease(database, holder, first)
    expect((await now()).progress).toEqual({ fraction: 0.4 })
    const { items, next } = await listJobEvents(database.query, 'local', job.id, { limit: 2 })
    expect(items.map(({ number }) => number)).toEqual([1, 2])
    expect(items[1]?.event).toEqual({ type: 'log', level: 'info', message: 'a\u0000b' })
    const rest = await listJobEvents(database.query, 'local', job.id, { limit: 2, cursor: next as string })
    expect(rest.items.map(({ number }) => number)).toEqual([3])
    expect(rest.next).toBeNull()
  })

  test('a queued job is cancelled at once; the worker of a leased one hears of it', async () => {
    const { holder } = await claim(a)
    expect(await renewLease(database, holder, [])).toEqual({ cancel: false })
    expect(await cancelJob(database.query, 'local', job.id)).toBe(true)
    expect(await renewLease(database, holder, [progress(1, 0.1)])).toEqual({ cancel: true })
    expect((await now()).state).toBe('leased')
    expect(await end(holder, { attempt: 1, status: 'cancelled' })).toMatchObject({ state: 'cancelled' })
    expect(await cancelJob(database.query, 'local', job.id)).toBe(false)
    const waiting = await makeJob(database.query, newJob({ key: 'waiting' }))
    expect(await cancelJob(database.query, 'other', waiting.id)).toBe(false)
    expect(await cancelJob(database.query, 'local', waiting.id)).toBe(true)
    expect((await readJob(database.query, 'local', waiting.id))?.state).toBe('cancelled')
    expect((await claim(a, waiting.id)).lease).toBeUndefined()
  })

  test('a job whose worker is lost while it should end is cancelled, not tried again', async () => {
    await claim(a)
    await cancelJob(database.query, 'local', job.id)
    await expire()
    expect((await now()).state).toBe('cancelled')
  })

  test('jobs are listed by page and state, the newest first', async () => {
    const more = await Promise.all([1, 2].map((at) => makeJob(database.query, newJob({ key: `m${at}` }))))
    await claim(a)
    const first = await listJobs(database.query, 'local', { limit: 2 })
    const rest = await listJobs(database.query, 'local', { limit: 2, cursor: first.next as string })
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([
      ...more
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
      job.id,
    ])
    expect(rest.next).toBeNull()
    expect((await listJobs(database.query, 'local', { state: 'leased' })).items.map(({ id }) => id)).toEqual([job.id])
  })
})

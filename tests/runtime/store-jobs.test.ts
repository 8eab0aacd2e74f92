import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobEvent } from '#runtime/dispatch/protocol.ts'
import type { Database } from '#runtime/store/database.ts'
import { claimJob, endLease, expireLeases, type Holder, mostLosses, renewLease } from '#runtime/store/job-leases.ts'
import { cancelJob, listJobEvents, listJobs, makeJob, readJob } from '#runtime/store/jobs.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { newJob } from '#tests/support/jobs.ts'

const workspace = 'local'
const file = { sha256: 'c'.repeat(64), mime: 'application/octet-stream', bytes: 3 }
const progress = (fraction: number): JobEvent => ({ type: 'progress', fraction, metrics: { loss: 1 - fraction } })
const outOfMemory = { code: 'out-of-memory', message: 'Use less memory.', retry: false }

eachDatabase('Jobs', (on) => {
  let database: Database
  beforeAll(async () => {
    database = await on.open()
  })
  afterAll(async () => {
    await database.close()
    await on.clean()
  })
  const make = async (of = {}) => (await makeJob(database.query, newJob(of))).job
  const claim = async (job: string): Promise<Holder> => {
    const worker = uuidv7()
    const leased = await claimJob(database.query, workspace, job, worker)
    if (!leased) throw new Error('nobody could claim it')
    return { workspace, worker, job, attempt: leased.attempt }
  }
  const leased = async () => claim((await make()).id)
  const read = async (id: string) => {
    const job = await readJob(database.query, workspace, id)
    if (!job) throw new Error('it is gone')
    return job
  }
  /** As if the worker had been silent for the whole lease. */
  const runOut = async ({ job }: Holder) => {
    await database.query(`update job set lease_until = now() - interval '1 second' where id::text = $1`, [job])
    await expireLeases(database.query)
  }
  const end = (holder: Holder, loss: number) =>
    endLease(database.query, holder, { attempt: holder.attempt, status: 'succeeded', outputs: {}, summary: { loss } })

  it('are made once for a key, also by ten at once', async () => {
    const wanted = newJob()
    const made = await Promise.all(Array.from({ length: 10 }, () => makeJob(database.query, wanted)))
    expect(new Set(made.map(({ job }) => job.id)).size).toBe(1)
    expect(made.filter((one) => one.made)).toHaveLength(1)
  })

  it('go to one of those who claim them at once', async () => {
    const { id } = await make()
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimJob(database.query, workspace, id, uuidv7())))
    expect(claims.filter((one) => one !== undefined)).toHaveLength(1)
    expect((await read(id)).attempt).toBe(1)
  })

  it('keep what is reported, the same report once, and tell the newest progress', async () => {
    const holder = await leased()
    const events = [1, 2].map((number) => ({ number, event: progress(number / 4) }))
    expect(await renewLease(database.query, holder, events)).toEqual({ cancel: false })
    await renewLease(database.query, holder, [...events, { number: 3, event: progress(0.75) }])
    const kept = await listJobEvents(database.query, workspace, holder.job)
    expect(kept.map(({ number }) => number)).toEqual([1, 2, 3])
    expect((await read(holder.job)).progress).toEqual({ fraction: 0.75, metrics: { loss: 0.25 } })
  })

  it('move on from their checkpoint when a worker goes silent, and its late words change nothing', async () => {
    const first = await leased()
    await renewLease(database.query, first, [
      { number: 1, event: { type: 'checkpoint', files: { 'checkpoint.pt': file } } },
    ])
    await runOut(first)
    const second = await claim(first.job)
    expect(second.attempt).toBe(2)
    expect((await read(first.job)).checkpoint).toEqual({ 'checkpoint.pt': file })
    expect(await renewLease(database.query, first, [{ number: 2, event: progress(0.9) }])).toBeUndefined()
    expect(await end(first, 666)).toBe(false)
    expect(await end(second, 0.5)).toBe(true)
    expect(await read(first.job)).toMatchObject({ state: 'succeeded', summary: { loss: 0.5 }, attempt: 2 })
    expect((await listJobEvents(database.query, workspace, first.job)).map(({ attempt }) => attempt)).toEqual([1])
  })

  it('may be ended twice in the same words, but not by another worker of the same attempt', async () => {
    const holder = await leased()
    expect(await end({ ...holder, worker: uuidv7() }, 666)).toBe(false)
    expect(await end(holder, 1)).toBe(true)
    expect(await end(holder, 1)).toBe(true)
    expect((await read(holder.job)).summary).toEqual({ loss: 1 })
  })

  it('fail after three losses in a row, but progress starts the count anew', async () => {
    const { id } = await make()
    for (let loss = 1; loss < mostLosses; loss += 1) await runOut(await claim(id))
    const working = await claim(id)
    await renewLease(database.query, working, [{ number: 1, event: progress(0.1) }])
    await runOut(working)
    expect(await read(id)).toMatchObject({ state: 'queued', losses: 1 })
    for (let loss = 1; loss < mostLosses; loss += 1) await runOut(await claim(id))
    expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'job-lost' } })
  })

  it('fail as their worker says, or are tried again where that may help', async () => {
    const [hopeless, passing] = [await leased(), await leased()]
    await endLease(database.query, hopeless, { attempt: 1, status: 'failed', error: outOfMemory })
    await endLease(database.query, passing, { attempt: 1, status: 'failed', error: { ...outOfMemory, retry: true } })
    expect(await read(hopeless.job)).toMatchObject({ state: 'failed', error: outOfMemory })
    expect(await read(passing.job)).toMatchObject({ state: 'queued', losses: 1 })
  })

  it('come back at no charge when a worker lets go of them', async () => {
    const holder = await leased()
    expect(await endLease(database.query, holder, { attempt: 1, status: 'released' })).toBe(true)
    expect(await read(holder.job)).toMatchObject({ state: 'queued', losses: 0 })
  })

  it('end at once when they are cancelled in the queue, and hear of it with the next report when they run', async () => {
    const { id } = await make()
    await cancelJob(database.query, workspace, id)
    expect(await read(id)).toMatchObject({ state: 'cancelled' })
    const holder = await leased()
    await cancelJob(database.query, workspace, holder.job)
    expect(await renewLease(database.query, holder, [])).toEqual({ cancel: true })
    expect(await endLease(database.query, holder, { attempt: 1, status: 'cancelled' })).toBe(true)
    expect(await cancelJob(database.query, workspace, holder.job)).toBeUndefined()
  })

  it('that are cancelled end with their worker, even one that was lost', async () => {
    const holder = await leased()
    await cancelJob(database.query, workspace, holder.job)
    await runOut(holder)
    expect(await read(holder.job)).toMatchObject({ state: 'cancelled' })
  })

  it('are listed newest first, a page at a time', async () => {
    const ids = [await make(), await make(), await make()].map(({ id }) => id).reverse()
    const first = await listJobs(database.query, workspace, { limit: 2 })
    const second = await listJobs(database.query, workspace, { limit: 1, cursor: first.next ?? undefined })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
    expect((await listJobs(database.query, workspace, { limit: 9, state: 'failed' })).items[0]).toMatchObject({
      state: 'failed',
    })
  })
})

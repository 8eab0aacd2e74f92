import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createJobDispatcher, type JobDispatcher } from '#runtime/dispatch/jobs/dispatcher.ts'
import type { Database } from '#runtime/store/database.ts'
import { makeJob, readJob } from '#runtime/store/jobs.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { newJob } from '#tests/support/jobs.ts'

const worker = { workspace: 'local', worker: '00000000-0000-7000-8000-00000000000a' }
const request = { capabilities: ['train'], gpus: 0, memory: 0, wait: 5 }
const stays = () => new AbortController().signal

eachDatabase('the dispatcher of jobs', (on) => {
  let database: Database
  let dispatcher: JobDispatcher
  /** Runs once, before the next statement that matches. */
  let before: { match: RegExp; then: () => unknown } | undefined
  beforeAll(async () => {
    database = await on.open()
    const watched: Database = {
      ...database,
      query: async (text, values) => {
        const now = before?.match.test(text) ? before : undefined
        if (now) before = undefined
        await now?.then()
        return database.query(text, values)
      },
    }
    dispatcher = await createJobDispatcher({ database: watched, log: () => undefined })
  })
  beforeEach(async () => {
    before = undefined
    await database.query('delete from job')
    await dispatcher.read()
  })
  afterAll(async () => {
    await dispatcher.stop()
    await database.close()
    await on.clean()
  })

  test('a worker that leaves while it is given a job does not keep it', async () => {
    const job = await makeJob(database.query, newJob())
    await dispatcher.read()
    const leaves = new AbortController()
    before = { match: /as \(\s*update job set state = 'leased'/, then: () => leaves.abort() }
    expect(await dispatcher.next(worker, request, leaves.signal)).toBeUndefined()
    expect(await readJob(database.query, 'local', job.id)).toMatchObject({ state: 'queued', attempt: 1, losses: 0 })
    expect(await dispatcher.next(worker, request, stays())).toMatchObject({ job: job.id, attempt: 2 })
  })

  test('a job whose claim breaks comes back into the queue', async () => {
    const job = await makeJob(database.query, newJob())
    await dispatcher.read()
    const breaks = () => {
      throw new Error('The connection broke.')
    }
    before = { match: /update job set state = 'leased'/, then: breaks }
    await expect(dispatcher.next(worker, request, stays())).rejects.toThrow('The connection broke.')
    expect(dispatcher.isNext(job.id)).toBe(true)
    expect(await dispatcher.next(worker, request, stays())).toMatchObject({ job: job.id, attempt: 1 })
  })
})

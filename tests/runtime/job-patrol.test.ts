import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JobRequest } from '#nodes/define.ts'
import { createJobDispatcher, type JobDispatcher } from '#runtime/dispatch/jobs/dispatcher.ts'
import type { JobLack } from '#runtime/dispatch/jobs/lacks.ts'
import { createRunJob } from '#runtime/dispatch/jobs/run-job.ts'
import { runEnded } from '#runtime/engine/active-run.ts'
import type { StepOrigin } from '#runtime/engine/engine.ts'
import type { Database } from '#runtime/store/database.ts'
import { claimJob, renewLease } from '#runtime/store/job-leases.ts'
import { listJobs, makeJob, readJob } from '#runtime/store/jobs.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { newJob, passLeases } from '#tests/support/jobs.ts'

const worker = '00000000-0000-7000-8000-00000000000a'
let database: Database
let dispatcher: JobDispatcher | undefined
beforeAll(async () => {
  database = await openDatabase({ memory: true })
})
beforeEach(async () => {
  await dispatcher?.stop()
  await database.query('delete from job')
})
afterAll(async () => {
  await dispatcher?.stop()
  await database.close()
})
const start = async () => {
  dispatcher = await createJobDispatcher({ database, log: () => undefined })
  return dispatcher
}
const held = async (key: string) => {
  const job = await makeJob(database.query, newJob({ key }))
  await claimJob(database.query, { workspace: 'local', id: worker }, job.id)
  return job.id
}

test('a server that was away for longer than a lease lets workers speak before it takes their jobs', async () => {
  const [speaks, silent] = [await held('speaks'), await held('silent')]
  await passLeases(database)
  await start()
  // A worker calls again after 3 s at most.
  await sleep(3_500)
  const renewed = await renewLease(database, { workspace: 'local', worker, job: speaks, attempt: 1 }, [])
  expect(renewed).toEqual({ cancel: false })
  const state = async (id: string) => (await readJob(database.query, 'local', id))?.state
  await expect.poll(() => state(silent), { timeout: 10_000 }).toBe('queued')
  expect(await state(speaks)).toBe('leased')
})

test('a step whose job no worker could do says what none has while it waits, and goes on when one comes', async () => {
  let lack: JobLack | undefined = { what: 'gpus', needs: 8, most: 2 }
  const told: (string | undefined)[] = []
  const run = createRunJob({
    database,
    dispatcher: await start(),
    wake: () => undefined,
    offers: async () => true,
    lack: () => lack,
  })
  const of: StepOrigin = { workspace: 'local', run: crypto.randomUUID(), node: 'tune', key: 'run/tune', pipeline: 'p' }
  const ends = new AbortController()
  const request: JobRequest = { kind: 'train', spec: {}, inputs: {}, needs: { gpus: 8 } }
  const done = run(of, request, ({ note }) => told.push(note), ends.signal).catch((error: unknown) => error)
  const text = 'No worker that can do a "train" job has 8 GPUs; the most that one has is 2 GPUs.'
  await expect.poll(() => told, { timeout: 5_000 }).toEqual([text])
  lack = undefined
  await expect.poll(() => told, { timeout: 5_000 }).toEqual([text, 'queued'])
  ends.abort(runEnded)
  expect(await done).toBe(runEnded)
  expect((await listJobs(database.query, 'local', {})).items).toMatchObject([{ state: 'cancelled' }])
})

test('a process that lost the run while it looked for a worker leaves the job to whoever has it', async () => {
  const leaves = new AbortController()
  const run = createRunJob({
    database,
    dispatcher: await start(),
    wake: () => undefined,
    offers: async () => {
      leaves.abort()
      return false
    },
    lack: () => undefined,
  })
  const of: StepOrigin = { workspace: 'local', run: crypto.randomUUID(), node: 'tune', key: 'run/left', pipeline: 'p' }
  const request: JobRequest = { kind: 'train', spec: {}, inputs: {} }
  await expect(run(of, request, () => undefined, leaves.signal)).rejects.toMatchObject({ name: 'AbortError' })
  expect((await listJobs(database.query, 'local', {})).items).toMatchObject([{ state: 'queued' }])
})

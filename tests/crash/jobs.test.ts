import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import type { JobExecutor } from '#runtime/worker/jobs/executor.ts'
import { JobStop } from '#runtime/worker/jobs/executor.ts'
import { startLeaseLoop } from '#runtime/worker/jobs/lease-loop.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { openLink } from '#tests/support/cuttable-link.ts'
import { type JobHouse, openJobHouse } from '#tests/support/job-house.ts'
import { enrolWorker, type JobWorker } from '#tests/support/job-worker.ts'
import { createDatabase } from '#tests/support/postgres.ts'

vi.setConfig({ testTimeout: 180_000 })

/** Enrols a worker that says every 2 s that it lives, also to a server that is back. */
const alive = async (house: JobHouse, name: string): Promise<JobWorker> => {
  const worker = await enrolWorker(house, { name })
  const timer = setInterval(async () => {
    try {
      await worker.beat()
    } catch {
      // The server is away.
    }
  }, 2_000)
  onTestFinished(() => clearInterval(timer))
  return worker
}

/** The worker's own lease loop over the net, with work that goes on until the test lets it end. */
const working = async (url: string, { token }: JobWorker) => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-jobs-worker-'))
  const begun: number[] = []
  const stopped: string[] = []
  const gate = Promise.withResolvers<void>()
  const run: JobExecutor['run'] = async ({ lease, folder: own }, tell, signal) => {
    begun.push(lease.attempt)
    tell({ type: 'progress', fraction: 0.5 })
    const stop = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped.push(signal.reason instanceof JobStop ? signal.reason.why : 'unknown')
        reject(signal.reason)
      })
    })
    await Promise.race([gate.promise, stop])
    const file = join(own, 'adapter.gguf')
    await writeFile(file, `made by attempt ${lease.attempt}`)
    return { outputs: { 'adapter.gguf': file }, summary: { attempt: lease.attempt } }
  }
  const loop = startLeaseLoop({
    server: createServerClient(url, token),
    executors: [{ kind: 'train', run }],
    slots: 1,
    folder,
    room: async () => ({ gpus: 0, memory: 64e9 }),
    log: () => undefined,
    wait: 5,
  })
  onTestFinished(async () => {
    gate.resolve()
    await Promise.race([loop.drain(), new Promise((resolve) => setTimeout(resolve, 5_000))])
    await rm(folder, { recursive: true, force: true })
  })
  return { begun, stopped, finish: () => gate.resolve() }
}

describe.each(['pglite', 'postgres'] as const)('jobs of a server on %s', (driver) => {
  let house: JobHouse
  const open = async () => {
    house = await openJobHouse(driver === 'postgres' ? await createDatabase(inject('postgresUrl')) : undefined)
  }
  afterEach(() => house.stop())
  const only = async () => {
    const [job, ...more] = await house.jobs()
    if (!job || more.length > 0) throw new Error(`${more.length + (job ? 1 : 0)} jobs are there, not one.`)
    return job
  }
  const succeeds = (run: string) =>
    expect.poll(async () => (await house.run(run)).status, { timeout: 60_000 }).toBe('succeeded')

  test('go on at their workers while the server is killed and started again, and are done once', async () => {
    await open()
    const worker = await working(house.url, await alive(house, 'patient'))
    const { run } = await house.teach()
    await expect.poll(async () => (await only()).progress?.fraction, { timeout: 30_000 }).toBe(0.5)
    await house.kill()
    await house.start()
    expect(await only()).toMatchObject({ state: 'leased', attempt: 1 })
    worker.finish()
    await succeeds(run)
    expect(await only()).toMatchObject({ state: 'succeeded', attempt: 1, summary: { attempt: 1 } })
    expect(worker.begun).toEqual([1])
    expect(worker.stopped).toEqual([])
    expect(await house.models()).toBe(1)
  })

  test('that ended while the server was away are ended when it is back', async () => {
    await open()
    const worker = await working(house.url, await alive(house, 'quick'))
    const { run } = await house.teach()
    await expect.poll(async () => (await only()).progress?.fraction, { timeout: 30_000 }).toBe(0.5)
    await house.kill()
    worker.finish()
    // Longer than a lease lasts: a server that comes back lets its workers speak before it takes their jobs.
    await new Promise((resolve) => setTimeout(resolve, 22_000))
    await house.start()
    await succeeds(run)
    expect(await only()).toMatchObject({ state: 'succeeded', attempt: 1, summary: { attempt: 1 } })
    expect(worker.begun).toEqual([1])
    expect(await house.models()).toBe(1)
  })

  test('move on from a worker that fell silent while the server was killed, and its late result is refused', async () => {
    await open()
    const zombie = await alive(house, 'zombie')
    const { run } = await house.teach()
    const first = await zombie.next({ wait: 30 })
    expect(first).toMatchObject({ attempt: 1 })
    const job = first?.job ?? ''
    await house.kill()
    await house.start()
    // Its lease is honoured as long as it lasts.
    const heir = await alive(house, 'heir')
    expect(await heir.next({ wait: 1 })).toBeUndefined()
    const second = (await heir.next({ wait: 30 })) ?? (await heir.next({ wait: 30 }))
    expect(second).toMatchObject({ job, attempt: 2 })
    for (const late of [zombie.events(job, 1), zombie.end(job, 1)]) expect((await late).status).toBe(409)
    const outputs = { 'adapter.gguf': { sha256: 'a'.repeat(64), mime: 'x/y', bytes: 1 } }
    expect((await heir.end(job, 2, { status: 'succeeded', outputs, summary: { by: 'heir' } })).status).toBe(204)
    expect((await zombie.end(job, 1)).status).toBe(409)
    await succeeds(run)
    expect(await only()).toMatchObject({ state: 'succeeded', attempt: 2, summary: { by: 'heir' } })
    expect(await house.models()).toBe(1)
  })

  test('of a worker that is cut off move on, and it stops when it is told so', async () => {
    await open()
    const link = await openLink(house.url)
    onTestFinished(() => link.close())
    const cutOff = await working(link.url.replace(/\/$/, ''), await alive(house, 'cut-off'))
    const { run } = await house.teach()
    await expect.poll(async () => (await only()).progress?.fraction, { timeout: 30_000 }).toBe(0.5)
    link.cut()
    const there = await working(house.url, await alive(house, 'there'))
    there.finish()
    await succeeds(run)
    expect(await only()).toMatchObject({ state: 'succeeded', attempt: 2, summary: { attempt: 2 } })
    expect(cutOff.stopped).toEqual([])
    link.mend()
    await expect.poll(() => cutOff.stopped, { timeout: 30_000 }).toEqual(['lost'])
    expect([cutOff.begun, there.begun]).toEqual([[1], [2]])
    expect(await house.models()).toBe(1)
  })
})

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { type JobExecutor, JobFailure, JobStop } from '#runtime/worker/jobs/executor.ts'
import { startLeaseLoop } from '#runtime/worker/jobs/lease-loop.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { startScriptedServer } from '#tests/support/scripted-server.ts'

type Run = JobExecutor['run']
const bounded = { timeout: 10_000, interval: 10 }

/** A loop against a server with leases of `ttl` seconds; the executor is what each test says. */
const withLoop = async (run: Run, { ttl = 20, checkpoints = 0 }: { ttl?: number; checkpoints?: number } = {}) => {
  const server = await startScriptedServer({ ttl })
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-loop-'))
  const loop = startLeaseLoop({
    server: createServerClient(server.url, server.token()),
    executors: [{ kind: 'test', run }],
    slots: 1,
    folder,
    room: async () => ({ gpus: 0, memory: 1e9 }),
    log: () => undefined,
    wait: 1,
    checkpoints,
    backoff: { first: 10, most: 50 },
  })
  onTestFinished(async () => {
    await loop.drain()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return { server, folder, loop }
}
/** Runs until it is told to stop. */
const untilStopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

it('works on a job from its inputs to its outputs, and tidies up', async () => {
  const { server, folder, loop } = await withLoop(async ({ inputs, folder: own }, tell) => {
    tell({ type: 'progress', fraction: 0.5 })
    tell({ type: 'log', level: 'info', message: 'half' })
    const file = join(own, 'upper')
    await writeFile(file, (await readFile(inputs['data'] ?? '', 'utf8')).toUpperCase())
    return { outputs: { upper: file }, summary: { rows: 1 } }
  })
  const job = server.enqueue({ job: 'a', kind: 'test', inputs: { data: server.keep('rows') } })
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
  const [end] = job.ends
  if (end?.status !== 'succeeded') throw new Error(JSON.stringify(end))
  expect(end.summary).toEqual({ rows: 1 })
  expect(server.artifacts.get(end.outputs['upper']?.sha256 ?? '')?.toString()).toBe('ROWS')
  expect(job.events.map(({ number }) => number)).toEqual([1, 2])
  await vi.waitFor(() => expect(loop.jobs()).toEqual([]), bounded)
  expect(existsSync(join(folder, 'a-1'))).toBe(false)
})
it('sends events again under their numbers when the answer was lost, so each counts once', async () => {
  const { server } = await withLoop(async (_, tell) => {
    for (let n = 1; n <= 5; n++) {
      tell({ type: 'log', level: 'info', message: String(n) })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return { outputs: {}, summary: {} }
  })
  server.control.lostAnswers = 3
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
  expect(server.control.lostAnswers).toBeLessThan(1)
  expect(job.events.map(({ event }) => event.type === 'log' && event.message)).toEqual(['1', '2', '3', '4', '5'])
})
it('renews a lease while nothing happens', async () => {
  const { server } = await withLoop(
    async (_, __, signal) => {
      await Promise.race([untilStopped(signal), new Promise((resolve) => setTimeout(resolve, 1_500))])
      return { outputs: {}, summary: {} }
    },
    { ttl: 0.5 },
  )
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
  expect(job).toMatchObject({ attempt: 1, ends: [{ status: 'succeeded' }] })
})
it('ends as cancelled when the server says so', async () => {
  const why: unknown[] = []
  const { server } = await withLoop(
    (_, __, signal) => untilStopped(signal).catch((reason) => Promise.reject(why.push(reason) && reason)),
    { ttl: 1 },
  )
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(job.attempt).toBe(1), bounded)
  job.cancel = true
  await vi.waitFor(() => expect(job.ends).toEqual([{ attempt: 1, status: 'cancelled' }]), bounded)
  expect(why).toMatchObject([{ why: 'cancelled' }])
})
it('drops a job at once when its lease is lost, and says nothing more about it', async () => {
  const why: unknown[] = []
  const { server, folder, loop } = await withLoop(
    async ({ lease }, _, signal) => {
      if (lease.job === 'b') return { outputs: {}, summary: {} }
      return untilStopped(signal).catch((reason) => Promise.reject(why.push(reason) && reason))
    },
    { ttl: 0.6 },
  )
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(loop.jobs()).toEqual(['a']), bounded)
  job.state = 'over' // such as: another attempt finished it
  await vi.waitFor(() => expect(loop.jobs()).toEqual([]), bounded)
  expect(why).toMatchObject([{ why: 'lost' }])
  expect(job.ends).toEqual([])
  expect(existsSync(join(folder, 'a-1'))).toBe(false)
  const other = server.enqueue({ job: 'b', kind: 'test' })
  await vi.waitFor(() => expect(other.ends).toMatchObject([{ status: 'succeeded' }]), bounded)
})
it('tells why a job failed, and whether another attempt may help', async () => {
  const { server } = await withLoop(async ({ lease }) => {
    if (lease.job === 'named') throw new JobFailure('bad-data', 'Row 3 is empty.')
    if (lease.job === 'disk' && lease.attempt === 1) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    return { outputs: {}, summary: {} }
  })
  const named = server.enqueue({ job: 'named', kind: 'test' })
  const disk = server.enqueue({ job: 'disk', kind: 'test' })
  await vi.waitFor(() => expect([named.state, disk.state]).toEqual(['over', 'over']), bounded)
  expect(named.ends).toEqual([
    { attempt: 1, status: 'failed', error: { code: 'bad-data', message: 'Row 3 is empty.', retry: false } },
  ])
  expect(disk.ends).toMatchObject([{ status: 'failed', error: { code: 'no-room', retry: true } }, { attempt: 2 }])
})
it('refuses inputs that are not what their digest says', async () => {
  const { server } = await withLoop(async () => ({ outputs: {}, summary: {} }))
  const told = server.keep('what was asked')
  server.artifacts.set(told.sha256, Buffer.from('what was not!!'))
  const job = server.enqueue({ job: 'a', kind: 'test', inputs: { data: told } })
  await vi.waitFor(() => expect(job.ends).toMatchObject([{ status: 'failed' }]), bounded)
})
it('uploads the newest checkpoint when it drains, and another attempt begins with it', async () => {
  const seen: string[] = []
  const run: Run = async ({ folder, checkpoint }, tell, signal) => {
    if (checkpoint) {
      seen.push(await readFile(join(checkpoint, 'state'), 'utf8'))
      return { outputs: {}, summary: {} }
    }
    const tells = async (text: string) => {
      await writeFile(join(folder, 'state.tmp'), text)
      await mkdir(join(folder, 'saved'), { recursive: true })
      await rename(join(folder, 'state.tmp'), join(folder, 'saved/state'))
      tell({ type: 'checkpoint-folder', folder: join(folder, 'saved') })
    }
    await tells('first')
    return untilStopped(signal).catch(async (reason) => {
      if (reason instanceof JobStop && reason.why === 'released') await tells('last')
      throw reason
    })
  }
  // Rarer than the test lasts: only the drain uploads the second one.
  const { server, loop } = await withLoop(run, { checkpoints: 600_000 })
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(job.checkpoint).not.toBeNull(), bounded)
  expect(server.artifacts.get(job.checkpoint?.['state']?.sha256 ?? '')?.toString()).toBe('first')
  await loop.drain()
  expect(job.ends).toEqual([{ attempt: 1, status: 'released' }])
  loop.resume()
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
  expect(seen).toEqual(['last'])
})
it('goes on with a job when a page came in place of the server’s answer', async () => {
  const { server } = await withLoop(async (_, tell, signal) => {
    tell({ type: 'log', level: 'info', message: 'one' })
    await Promise.race([untilStopped(signal), new Promise((resolve) => setTimeout(resolve, 200))])
    return { outputs: {}, summary: {} }
  })
  server.control.pages = 2
  const job = server.enqueue({ job: 'a', kind: 'test' })
  await vi.waitFor(() => expect(job.state).toBe('over'), bounded)
  expect(server.control.pages).toBeLessThan(1)
  expect(job.ends).toMatchObject([{ status: 'succeeded', attempt: 1 }])
})
it('does not work on more jobs than it has slots when a drain is taken back while one still saves', async () => {
  let running = 0
  let most = 0
  const { server, loop } = await withLoop(async (_, __, signal) => {
    most = Math.max(most, ++running)
    await untilStopped(signal).catch(() => new Promise((resolve) => setTimeout(resolve, 300)))
    running--
    throw signal.reason
  })
  const jobs = ['a', 'b'].map((job) => server.enqueue({ job, kind: 'test' }))
  await vi.waitFor(() => expect(running).toBe(1), bounded)
  const drained = loop.drain()
  loop.resume()
  await drained
  await vi.waitFor(() => expect(running).toBe(1), bounded)
  await loop.drain()
  expect(running).toBe(0)
  expect(most).toBe(1)
  expect(jobs.flatMap(({ ends }) => ends.map(({ status }) => status))).toEqual(['released', 'released'])
})

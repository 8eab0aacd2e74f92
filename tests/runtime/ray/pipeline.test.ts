import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { rayJob } from '#runtime/worker/ray/jobs.ts'
import { type RayHead, startRayHead } from '#tests/support/ray-head.ts'
import { findRayPython } from '#tests/support/ray-python.ts'
import { type StartedServer, startServer } from '#tests/support/start-server.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const found = findRayPython(root)
const python = 'python' in found ? found.python : ''
const patient = { timeout: 200_000, interval: 250 }
type Metrics = { step: number; loss: number }
type Job = { id: string; state: string; attempt: number; progress: { metrics?: Record<string, number> } | null }

const pipeline = (epochs: number) => ({
  format: 'patchbay/1',
  name: 'Fine-tune on Ray',
  nodes: [
    { id: 'in', type: 'input', version: 1, config: { fields: { rows: 'json' } }, at: [0, 0] },
    { id: 'each', type: 'for-each', version: 1, config: { kind: 'row' }, at: [1, 0] },
    {
      id: 'tune',
      type: 'fine-tune',
      version: 1,
      config: { name: 'on-ray', base: 'local:tiny', epochs, rank: 4, batch: 8 },
      at: [2, 0],
    },
    { id: 'out', type: 'output', version: 1, config: { fields: { report: 'json' } }, at: [3, 0] },
  ],
  edges: [
    { from: 'in.rows', to: 'each.list' },
    { from: 'each.item', to: 'tune.rows' },
    { from: 'tune.report', to: 'out.report' },
  ],
})
const rows = Array.from({ length: 16 }, (_, n) => ({ prompt: `Which team? ${n}`, completion: `team ${n % 3}` }))

/** The acceptance of the Ray backend: everything is real, and `npm test` says loudly when there is no Ray for it. */
describe.runIf(python)('a fine-tune of a pipeline, on Ray', { timeout: 420_000 }, () => {
  let ray: RayHead
  let server: StartedServer
  let worker: ChildProcess
  let log = ''
  let folder = ''
  const call = async (path: string, body?: unknown) => {
    const response = await fetch(`${server.url}/api${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-ray-run-'))
    ray = await startRayHead(python)
    // The server's own worker has no Python, so that only Ray can train.
    server = await startServer({ environment: { PATCHBAY_PYTHON: '/no/python/here' } })
    const { token } = await call('/workers', {})
    worker = spawn(
      process.execPath,
      ['runtime/worker/main.ts', '--server', server.url, '--name', 'ray', '--data', folder, '--ray', ray.url],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PATCHBAY_WORKER_ENROL: token } },
    )
    worker.stderr?.on('data', (piece) => {
      log += piece
    })
    await vi.waitFor(async () => {
      const { items } = await call('/workers')
      const capable = items.some((one: { offer?: { capabilities: string[] } }) =>
        one.offer?.capabilities.includes('train'),
      )
      expect(capable, log).toBe(true)
    }, patient)
  }, 400_000)
  afterAll(async () => {
    if (worker) {
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      worker.kill('SIGKILL')
      await ended
    }
    await server?.end('SIGTERM')
    await ray?.stop()
    await rm(folder, { recursive: true, force: true })
  }, 120_000)

  const start = async (epochs: number) => {
    const { id: made } = await call('/pipelines', { document: pipeline(epochs) })
    const { id: run } = await call(`/pipelines/${made}/runs`, { input: { rows } })
    return run as string
  }
  const jobOf = async (run: string): Promise<Job> => {
    const { items } = await call('/jobs')
    const job = items.find((one: { run: string }) => one.run === run)
    if (!job) throw new Error(`no job yet: ${JSON.stringify(await call(`/runs/${run}`))}`)
    return job
  }
  const progressOf = async (run: string) => {
    const { id } = await jobOf(run)
    const { items } = await call(`/jobs/${id}/events`)
    return items.filter(({ event }: { event: { type: string } }) => event.type === 'progress')
  }

  it('becomes a tuned model, with its progress told while it runs', async () => {
    const run = await start(4)
    await vi.waitFor(
      async () => expect(await call(`/runs/${run}`), log).toMatchObject({ status: 'succeeded' }),
      patient,
    )
    const { output } = await call(`/runs/${run}`)
    expect(output.report).toMatchObject({ model: 'tuned:on-ray@1', rows: 16 })
    const job = await jobOf(run)
    expect(await rayJob({ url: ray.url }, `patchbay-${job.id}-1`)).toMatchObject({ status: 'SUCCEEDED' })
    expect((await progressOf(run)).at(-1).event.metrics).toMatchObject({ step: 8, steps: 8 })
  })

  it('stops on the cluster when the run is cancelled', async () => {
    const run = await start(1_000)
    await vi.waitFor(async () => expect((await progressOf(run)).length, log).toBeGreaterThan(4), patient)
    const { id } = await jobOf(run)
    expect(await rayJob({ url: ray.url }, `patchbay-${id}-1`)).toMatchObject({ status: 'RUNNING' })
    const told = (await progressOf(run)).map(({ event }: { event: { metrics: Metrics } }) => event.metrics)
    expect(told.every(({ loss }: Metrics) => Number.isFinite(loss))).toBe(true)
    const steps = told.map(({ step }: Metrics) => step)
    expect(steps).toEqual([...new Set<number>(steps)].toSorted((a, b) => a - b))
    const at = performance.now()
    await call(`/runs/${run}/cancel`, {})
    await vi.waitFor(
      async () => expect(await rayJob({ url: ray.url }, `patchbay-${id}-1`)).toMatchObject({ status: 'STOPPED' }),
      patient,
    )
    expect(performance.now() - at).toBeLessThan(30_000)
    await vi.waitFor(async () => expect((await jobOf(run)).state).toBe('cancelled'), patient)
    expect(await call(`/runs/${run}`)).toMatchObject({ status: 'cancelled' })
    // A step that was cancelled has no result, and the run stays as it is.
    expect((await call(`/runs/${run}/steps?node=tune`)).items).toEqual([])
  })
})

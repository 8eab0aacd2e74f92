import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { JobEvent, Lease } from '#runtime/dispatch/protocol.ts'
import { JobFailure, JobStop } from '#runtime/worker/jobs/executor.ts'
import { createRayExecutor, submissionId } from '#runtime/worker/ray/executor.ts'
import { rayJob, submitJob } from '#runtime/worker/ray/jobs.ts'
import { makePackage } from '#runtime/worker/ray/package.ts'
import { readSocket } from '#runtime/worker/ray/text-socket.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { download } from '#runtime/worker/transfer.ts'
import { type RayHead, startRayHead } from '#tests/support/ray-head.ts'
import { findRayPython } from '#tests/support/ray-python.ts'
import { startScriptedServer } from '#tests/support/scripted-server.ts'

const found = findRayPython(fileURLToPath(new URL('../../..', import.meta.url)))
const python = 'python' in found ? found.python : ''
const child = fileURLToPath(new URL('../../support/ray-training.ts', import.meta.url))
type Told = JobEvent | { type: 'checkpoint-folder'; folder: string }
const patient = { timeout: 120_000, interval: 100 }

/** `npm test` says loudly when there is no Ray for this. */
describe.runIf(python)('a training on a real Ray', { timeout: 420_000 }, () => {
  let ray: RayHead
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-ray-test-'))
    ray = await startRayHead(python)
  }, 400_000)
  afterAll(async () => {
    await ray?.stop()
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  const rows = Array.from({ length: 32 }, (_, n) => JSON.stringify({ prompt: `색 ${n}?`, completion: `파란 ${n % 7}` }))
  const prepare = async (name: string, epochs: number, attempt = 1) => {
    const own = join(folder, `${name}-${attempt}`)
    await mkdir(own)
    const data = join(folder, `${name}.jsonl`)
    await writeFile(data, `${rows.join('\n')}\n`)
    const lease: Lease = {
      job: name,
      attempt,
      kind: 'train',
      spec: { method: 'lora', base: 'local:tiny', name: 'test', epochs, rate: 0.001, rank: 4, alpha: 8, batch: 8 },
      inputs: {},
      checkpoint: null,
      ttl: 20,
    }
    return { lease, folder: own, inputs: { data }, checkpoint: undefined as string | undefined }
  }
  const optionsOf = () => ({ url: ray.url, folder: join(folder, 'shared') })
  const start = (job: Awaited<ReturnType<typeof prepare>>, options: object = optionsOf()) => {
    const told: Told[] = []
    const stopping = new AbortController()
    const executor = createRayExecutor({ url: ray.url, ...options, log: () => undefined, checkpointSeconds: 1 })
    const result = executor.run(job, (event) => void told.push(event), stopping.signal)
    let error = ''
    result.catch((reason: unknown) => {
      error = String(reason)
    })
    return {
      told,
      result,
      error: () => error,
      stop: (why: 'cancelled' | 'released') => stopping.abort(new JobStop(why)),
    }
  }
  const progress = (told: readonly Told[]) => told.flatMap((event) => (event.type === 'progress' ? [event] : []))
  const words = (told: readonly Told[]) => told.flatMap((event) => (event.type === 'log' ? [event.message] : []))

  it('goes on with the same Ray job after the worker was killed, and brings back the adapter', async () => {
    const job = await prepare('killed', 30)
    const file = join(folder, 'killed.json')
    await writeFile(file, JSON.stringify({ options: optionsOf(), job }))
    const first = spawn(process.execPath, [child, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => first.on('exit', resolve))
    for await (const line of createInterface({ input: first.stdout })) if (line.includes('"progress"')) break
    first.kill('SIGKILL')
    await ended
    const id = submissionId(job.lease)
    expect(await rayJob({ url: ray.url }, id)).toMatchObject({ submission_id: id })

    const second = start(job)
    const { outputs, summary } = await second.result
    expect(Object.keys(outputs).toSorted()).toEqual([
      'adapter.gguf',
      'adapter_config.json',
      'adapter_model.safetensors',
    ])
    expect((await readFile(outputs['adapter.gguf'] ?? '')).subarray(0, 4).toString()).toBe('GGUF')
    // One training, from its first step: it was not begun again.
    expect(words(second.told)).toEqual([expect.stringMatching(/^Training begins on Ray: 120 steps, 32 rows/)])
    expect(summary).toMatchObject({ steps: 120, rows: 32 })
    expect(Number(summary['loss'])).toBeLessThan(progress(second.told)[0]?.metrics?.['loss'] ?? 0)
    expect(progress(second.told).at(-1)).toMatchObject({ fraction: 1, metrics: { step: 120, steps: 120 } })
    const jobs = (await (await fetch(`${ray.url}/api/jobs/`)).json()) as { metadata: Record<string, string> }[]
    expect(jobs.filter(({ metadata }) => metadata?.['patchbay-job'] === 'killed')).toHaveLength(1)
    expect(existsSync(join(folder, 'shared', id))).toBe(false)
  })

  it('saves when its worker drains, goes on from there elsewhere, and stops when it is cancelled', async () => {
    const first = start(await prepare('long', 5_000))
    await vi.waitFor(() => expect(progress(first.told).length, first.error()).toBeGreaterThan(2), patient)
    first.stop('released')
    await expect(first.result).rejects.toMatchObject({ why: 'released' })
    expect(await rayJob({ url: ray.url }, 'patchbay-long-1')).toMatchObject({ status: 'STOPPED' })
    const checkpoint = first.told.findLast((event) => event.type === 'checkpoint-folder')
    if (checkpoint?.type !== 'checkpoint-folder') throw new Error('no checkpoint came')

    const second = start({ ...(await prepare('long', 5_000, 2)), checkpoint: checkpoint.folder })
    await vi.waitFor(() => expect(progress(second.told).length, second.error()).toBeGreaterThan(0), patient)
    expect(words(second.told)).toEqual([expect.stringMatching(/^Training goes on after step [1-9]\d* on Ray/)])
    const at = performance.now()
    second.stop('cancelled')
    await expect(second.result).rejects.toMatchObject({ why: 'cancelled' })
    expect(performance.now() - at).toBeLessThan(30_000)
    expect(await rayJob({ url: ray.url }, 'patchbay-long-2')).toMatchObject({ status: 'STOPPED' })
  })

  it('uploads to the server from a node that does not see the worker’s folder', async () => {
    const server = await startScriptedServer()
    try {
      const token = server.token()
      const client = createServerClient(server.url, token)
      const files = {
        url: server.url,
        token,
        download: (wanted: { sha256: string; bytes: number }, file: string, signal: AbortSignal) =>
          download(client, wanted, file, { signal }),
      }
      const run = start(await prepare('apart', 8), { server: files })
      const { outputs } = await run.result
      const bytes = await readFile(outputs['adapter_model.safetensors'] ?? '')
      expect([...server.artifacts.values()].some((one) => one.equals(bytes))).toBe(true)
    } finally {
      await server.stop()
    }
  })

  it('tells the trainer’s own reason, and is not tried again for bad data', async () => {
    const job = await prepare('bad', 1)
    await writeFile(job.inputs.data, '{"prompt": 1}\n')
    const error = await start(job).result.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(JobFailure)
    expect(error).toMatchObject({ code: 'bad-data', retry: false })
  })

  const printing = async (id: string, code: string) => ({
    id,
    entrypoint: 'python -u hello.py',
    package: await makePackage({ 'hello.py': { text: code } }),
    environment: {},
    cpus: 0,
    gpus: 0,
    memory: 0,
    metadata: {},
  })

  it('is one job when it is submitted twice at once', async () => {
    const request = await printing('patchbay-twice-1', 'print("hello")\n')
    const both = await Promise.all([submitJob({ url: ray.url }, request), submitJob({ url: ray.url }, request)])
    expect(both.toSorted()).toEqual(['new', 'old'])
    await vi.waitFor(
      async () => expect(await rayJob({ url: ray.url }, request.id)).toMatchObject({ status: 'SUCCEEDED' }),
      patient,
    )
  })

  it('has its log read over one connection, as it is written', async () => {
    const code = 'import time\nfor n in range(20):\n    print("line", n)\n    time.sleep(0.5)\n'
    const request = await printing('patchbay-slow-1', code)
    await submitJob({ url: ray.url }, request)
    const running = async () => expect(await rayJob({ url: ray.url }, request.id)).toMatchObject({ status: 'RUNNING' })
    await vi.waitFor(running, patient)
    const moments: number[] = []
    let text = ''
    const take = (piece: string) => {
      text += piece
      moments.push(performance.now())
    }
    const ended = readSocket(
      new URL(`/api/jobs/${request.id}/logs/tail`, ray.url),
      {},
      take,
      AbortSignal.timeout(120_000),
    )
    await vi.waitFor(() => expect(text).toContain('line 3'), patient)
    await running()
    await ended
    expect(text.match(/^line \d+$/gm)).toEqual(Array.from({ length: 20 }, (_, n) => `line ${n}`))
    // Ten seconds of lines, told a second at a time at the latest.
    expect(moments.length).toBeGreaterThan(5)
    expect((moments.at(-1) ?? 0) - (moments[0] ?? 0)).toBeGreaterThan(3_000)
  })
})

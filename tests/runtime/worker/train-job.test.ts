import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isRunning, processesIn } from '#tests/support/process-life.ts'
import { type ScriptedServer, startScriptedServer } from '#tests/support/scripted-server.ts'
import { findTrainerPython } from '#tests/support/trainer-python.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const found = findTrainerPython(root)
const python = 'python' in found ? found.python : ''
const workerFile = fileURLToPath(new URL('../../support/training-worker.ts', import.meta.url))
const patient = { timeout: 100_000, interval: 50 }

/** `npm test` says loudly when there is no Python for this. */
describe.runIf(python)('a training through the worker', { timeout: 240_000 }, () => {
  let folder = ''
  let server: ScriptedServer
  // What ships, where it is there; else a model of one block with random weights.
  const base = existsSync(join(root, 'runtime/worker/models/tiny/model.safetensors')) ? 'local:tiny' : 'local:small'
  // Long enough to be killed in the middle, short enough for a busy machine.
  const epochs = base === 'local:tiny' ? 10 : 80
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-train-'))
    const make = join(root, 'runtime/worker/trainer/tests/make_base.py')
    await promisify(execFile)(python, ['-B', make, join(folder, 'models/small')])
    server = await startScriptedServer({ ttl: 3 })
  }, 120_000)
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const startWorker = (name: string) => {
    const child = spawn(
      process.execPath,
      [workerFile, server.url, server.token(), python, join(folder, 'models'), join(folder, name)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let log = ''
    child.stderr.on('data', (chunk) => {
      log += chunk
    })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    return { kill: (signal: NodeJS.Signals) => child.kill(signal), ended, pids: () => processesIn(log), log: () => log }
  }
  const rows = Array.from({ length: 64 }, (_, n) => JSON.stringify({ prompt: `색 ${n}?`, completion: `파란 ${n % 7}` }))
  const enqueue = (job: string, epochs: number) =>
    server.enqueue({
      job,
      kind: 'train',
      spec: { method: 'lora', base, name: 'test', epochs, rate: 0.001, rank: 4, alpha: 8, batch: 8, seed: 3 },
      inputs: { data: server.keep(`${rows.join('\n')}\n`) },
    })
  const lossOf = (job: ReturnType<typeof enqueue>): number => {
    const end = job.ends.at(-1)
    if (end?.status !== 'succeeded') throw new Error(JSON.stringify(job.ends))
    return Number(end.summary['loss'])
  }

  it('killed with its worker, goes on from its checkpoint on another and ends at the undisturbed loss', async () => {
    const killed = enqueue('killed', epochs)
    const first = startWorker('one')
    await vi.waitFor(() => expect(killed.checkpoint, first.log()).not.toBeNull(), patient)
    expect(killed.state).toBe('leased')
    const [trainer = 0] = first.pids()
    expect(isRunning(trainer)).toBe(true)
    first.kill('SIGKILL')
    await first.ended
    await vi.waitFor(() => expect(isRunning(trainer)).toBe(false), patient)

    const second = startWorker('two')
    const whole = enqueue('whole', epochs)
    await vi.waitFor(() => expect([killed.state, whole.state], second.log()).toEqual(['over', 'over']), {
      ...patient,
      timeout: 200_000,
    })
    expect(killed.attempt).toBe(2)
    const words = killed.events.flatMap(({ event }) => (event.type === 'log' ? [event.message] : []))
    expect(words).toEqual([
      expect.stringMatching(/^Training begins/),
      expect.stringMatching(/^Training goes on after step [1-9]/),
    ])
    expect(Math.abs(lossOf(killed) - lossOf(whole))).toBeLessThanOrEqual(1e-5)

    const end = whole.ends[0]
    if (end?.status !== 'succeeded') throw new Error('it did not succeed')
    expect(Object.keys(end.outputs).toSorted()).toEqual([
      'adapter.gguf',
      'adapter_config.json',
      'adapter_model.safetensors',
    ])
    expect(
      server.artifacts
        .get(end.outputs['adapter.gguf']?.sha256 ?? '')
        ?.subarray(0, 4)
        .toString(),
    ).toBe('GGUF')
    expect(end.summary).toMatchObject({ steps: epochs * 8, rows: 64 })
    const progress = whole.events.flatMap(({ event }) => (event.type === 'progress' ? [event] : []))
    expect(progress.at(-1)).toMatchObject({
      fraction: 1,
      secondsLeft: 0,
      metrics: { step: epochs * 8, steps: epochs * 8 },
    })
    expect(progress.at(-2)?.secondsLeft).toBeGreaterThan(0)
    const again = killed.ends.at(-1)
    // Counted over both attempts, from the checkpoint on.
    expect(again?.status === 'succeeded' && again.summary['tokens']).toBe(end.summary['tokens'])
  })
  it('is saved and released when its worker drains, and stops at once when it is cancelled', async () => {
    const job = enqueue('long', 5_000)
    const first = startWorker('three')
    await vi.waitFor(() => expect(job.events.some(({ event }) => event.type === 'progress')).toBe(true), patient)
    first.kill('SIGTERM')
    await first.ended
    expect(job.ends).toEqual([{ attempt: 1, status: 'released' }])
    expect(Object.keys(job.checkpoint ?? {}).toSorted()).toEqual(['checkpoint.pt', 'state.json'])

    const second = startWorker('four')
    await vi.waitFor(
      () =>
        expect(
          job.events.some((one) => one.attempt === 2),
          second.log(),
        ).toBe(true),
      patient,
    )
    job.cancel = true
    await vi.waitFor(() => expect(job.ends.at(-1)).toEqual({ attempt: 2, status: 'cancelled' }), patient)
    for (const pid of second.pids()) await vi.waitFor(() => expect(isRunning(pid)).toBe(false), patient)
  })
  it('trains a whole model, and an adapter by preferences, evaluates both and hands over all that serves them', async () => {
    const dpo = rows.slice(0, 12).map((row) => JSON.parse(row))
    const preferences = dpo.map(({ prompt, completion }) => ({ prompt, chosen: completion, rejected: 'red' }))
    const lines = (values: readonly unknown[]) =>
      server.keep(values.map((value) => `${JSON.stringify(value)}\n`).join(''))
    const settings = { base, name: 'test', epochs: 2, rate: 0.001, rank: 4, alpha: 8, batch: 4, evaluateEvery: 2 }
    const whole = server.enqueue({
      job: 'whole-model',
      kind: 'train',
      spec: { ...settings, method: 'full', precision: 'float32' },
      inputs: { data: lines(dpo.slice(0, 8)), evaluation: lines(dpo.slice(8)) },
    })
    const preferred = server.enqueue({
      job: 'preferences',
      kind: 'train',
      spec: { ...settings, method: 'dpo' },
      inputs: { data: lines(preferences.slice(0, 8)), evaluation: lines(preferences.slice(8)) },
    })
    const worker = startWorker('six')
    await vi.waitFor(() => expect([whole.state, preferred.state], worker.log()).toEqual(['over', 'over']), {
      ...patient,
      timeout: 200_000,
    })
    const ended = [whole, preferred].map((job) => {
      const end = job.ends.at(-1)
      if (end?.status !== 'succeeded') throw new Error(JSON.stringify(job.ends))
      const metrics = job.events.flatMap(({ event }) => (event.type === 'progress' ? [event.metrics] : [])).at(-1)
      return { outputs: Object.keys(end.outputs), summary: end.summary, metrics }
    })
    expect(ended[0]?.outputs).toEqual(
      expect.arrayContaining([
        'config.json',
        'model.gguf',
        'model.safetensors',
        'tokenizer.json',
        'tokenizer_config.json',
      ]),
    )
    expect(ended[1]?.outputs.toSorted()).toEqual(['adapter.gguf', 'adapter_config.json', 'adapter_model.safetensors'])
    for (const { summary, metrics } of ended) {
      expect(summary).toMatchObject({ steps: 4, rows: 8, evaluation: { loss: expect.any(Number) } })
      expect(metrics).toMatchObject({ step: 4, evaluationLoss: (summary['evaluation'] as { loss: number }).loss })
    }
    expect(ended[1]?.summary['evaluation']).toMatchObject({ accuracy: ended[1]?.metrics?.['evaluationAccuracy'] })
    expect(ended[1]?.metrics).toMatchObject({ accuracy: expect.any(Number), margin: expect.any(Number) })
  })
  it('says the trainer’s own reason when the data is bad', async () => {
    const job = server.enqueue({
      job: 'bad',
      kind: 'train',
      spec: { method: 'lora', base, name: 'test' },
      inputs: { data: server.keep('{"prompt": 1}\n') },
    })
    startWorker('five')
    await vi.waitFor(() => expect(job.ends).toMatchObject([{ status: 'failed' }]), patient)
    expect(job.ends).toMatchObject([{ error: { code: 'bad-data', retry: false } }])
  })
})

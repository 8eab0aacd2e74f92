import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convertLora } from '#runtime/worker/gguf/convert.ts'
import { protocolSchema, type TrainJob, trainJob, trainMessage } from '#runtime/worker/trainer/protocol.ts'
import { findTrainerPython } from '#tests/support/trainer-python.ts'

const root = join(import.meta.dirname, '../..')
const trainer = join(root, 'runtime/worker/trainer')
const found = findTrainerPython(root)
const python = 'python' in found ? found.python : ''
const run = promisify(execFile)

it('is the one that the Python package is tested against', async () => {
  const kept = await readFile(join(trainer, 'patchbay_trainer/protocol.schema.json'), 'utf8')
  // If it is not: node runtime/worker/trainer/write-schema.ts
  expect(JSON.parse(kept)).toEqual(protocolSchema())
})

/** `npm test` says loudly when there is no Python for this. */
describe.runIf(python)('a job of the trainer', { timeout: 120_000 }, () => {
  let folder: string
  let job: TrainJob
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-job-'))
    job = { method: 'lora', base: join(folder, 'base'), data: join(folder, 'rows.jsonl'), out: join(folder, 'out') }
    await run(python, ['-B', join(trainer, 'tests/make_base.py'), job.base])
    await writeFile(job.data, `${JSON.stringify({ prompt: '색은?', completion: '파란' })}\n`.repeat(4))
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true }))

  const train = async (asked: unknown) => {
    const file = join(folder, 'job.json')
    await writeFile(file, JSON.stringify(asked))
    const ended = run(python, ['-B', '-m', 'patchbay_trainer', file], { cwd: trainer })
    const { stdout } = await ended.catch((error: { stdout: string }) => error)
    return stdout
      .trim()
      .split('\n')
      .map((line) => trainMessage.parse(JSON.parse(line)))
  }

  it('writes only messages of the protocol, and an adapter that becomes GGUF', async () => {
    const messages = await train(trainJob.parse({ ...job, batch: 2, checkpoint_seconds: 0 }))
    expect(new Set(messages.map(({ type }) => type))).toEqual(
      new Set(['train-start', 'checkpoint-end', 'step-end', 'train-end']),
    )
    const end = messages.at(-1)
    if (end?.type !== 'train-end') throw new Error('it did not end')
    const file = join(folder, 'adapter.gguf')
    expect(await convertLora(job.base, end.model, file)).toBe((await stat(file)).size)
  })
  it('refuses what the schema refuses, as a message', async () => {
    const wrong = { ...job, epoch: 2 }
    expect(trainJob.safeParse(wrong).success).toBe(false)
    expect(await train(wrong)).toMatchObject([{ type: 'train-error', code: 'bad-job' }])
  })
  it('knows the options of the schema, all of them', async () => {
    const { stdout } = await run(
      python,
      [
        '-B',
        '-c',
        'import json, dataclasses; from patchbay_trainer.job import Job; print(json.dumps([f.name for f in dataclasses.fields(Job)]))',
      ],
      { cwd: trainer },
    )
    expect(new Set(JSON.parse(stdout))).toEqual(new Set(Object.keys(trainJob.shape)))
  })
})

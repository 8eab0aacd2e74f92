import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JobEvent } from '#runtime/dispatch/protocol.ts'
import { createTrainExecutor } from '#runtime/worker/jobs/train.ts'

const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-train-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'job'))
  return folder
}

/** Runs a job whose trainer is a shell script, in the folder of the job. */
const train = async (
  folder: string,
  script: string,
  {
    method = 'lora',
    base = 'local:tiny',
    models,
    checkpoint,
  }: Partial<Record<'method' | 'base' | 'models' | 'checkpoint', string>> = {},
) => {
  const python = join(folder, 'python')
  await writeFile(python, `#!/bin/sh\n${script}\n`)
  await chmod(python, 0o755)
  const warnings: string[] = []
  const executor = createTrainExecutor({
    python,
    models,
    devices: [],
    log: (level, message) => void (level === 'warn' && warnings.push(message)),
  })
  const lease = { job: 'a', kind: 'train', attempt: 1, ttl: 20, spec: { method, base, name: 'a' } }
  const told: (JobEvent | { type: 'checkpoint-folder' })[] = []
  const ended = executor.run(
    { lease: lease as never, folder: join(folder, 'job'), inputs: { data: 'rows' }, checkpoint },
    (event) => told.push(event),
    AbortSignal.timeout(10_000),
  )
  return { ended, told, warnings }
}
const says = (...lines: object[]) => `cat <<'END'\n${lines.map((line) => JSON.stringify(line)).join('\n')}\nEND`

describe.skipIf(process.platform === 'win32')('a training', () => {
  it('goes on when a checkpoint cannot be kept', async () => {
    const folder = await temporary()
    const { ended, told, warnings } = await train(
      folder,
      says(
        { type: 'checkpoint-end', step: 1, file: join(folder, 'was-never-written.pt') },
        { type: 'train-error', code: 'bad-data', message: 'the last word of this trainer' },
      ),
    )
    await expect(ended).rejects.toMatchObject({ code: 'bad-data' })
    expect(warnings).toEqual(['a checkpoint could not be kept'])
    expect(told.map(({ type }) => type)).not.toContain('checkpoint-folder')
    expect(existsSync(join(folder, 'job/saved/checkpoint.pt'))).toBe(false)
  })

  it('begins anew where the checkpoint is of another base', async () => {
    const folder = await temporary()
    const checkpoint = join(folder, 'checkpoint')
    await mkdir(checkpoint)
    await writeFile(join(checkpoint, 'checkpoint.pt'), 'of another worker')
    await writeFile(
      join(checkpoint, 'state.json'),
      JSON.stringify({ device: 'cpu', threads: 3, tokens: 900, seconds: 60 }),
    )
    const there = join(folder, 'job/out/checkpoint.pt')
    const { ended, told } = await train(
      folder,
      `if [ -e '${there}' ]; then
${says({ type: 'train-error', code: 'other-job', message: 'not mine' })}
else
${says({ type: 'train-error', code: 'bad-data', message: 'began anew' })}
fi`,
      { checkpoint },
    )
    await expect(ended).rejects.toMatchObject({ code: 'bad-data', message: 'began anew' })
    expect(told).toEqual([
      expect.objectContaining({ type: 'log', level: 'warn', message: expect.stringContaining('anew') }),
    ])
    expect(JSON.parse(await readFile(join(folder, 'job/job.json'), 'utf8'))).toMatchObject({ threads: 1 })
  })

  it.each([
    ['lora', 'config.json', { model_type: 'gpt2' }],
    ['full', 'tokenizer.json', { pre_tokenizer: { type: 'Sequence', pretokenizers: [] } }],
  ])('by %s does not begin when %s keeps its result from becoming GGUF', async (method, name, changed) => {
    const folder = await temporary()
    const base = join(folder, 'models/odd')
    await cp(new URL('../../../runtime/worker/models/tiny', import.meta.url), base, { recursive: true })
    const file = join(base, name)
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...changed }))
    const began = join(folder, 'began')
    const { ended } = await train(folder, `touch '${began}'`, {
      method,
      base: 'local:odd',
      models: join(folder, 'models'),
    })
    await expect(ended).rejects.toMatchObject({
      code: 'bad-base',
      message: expect.stringContaining(name),
      retry: false,
    })
    expect(existsSync(began)).toBe(false)
  })
})

import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTrainExecutor } from '#runtime/worker/jobs/train.ts'

/** Says the given lines as a trainer does, and ends. */
const trainerThatSays = async (folder: string, lines: readonly object[]): Promise<string> => {
  const file = join(folder, 'python')
  await writeFile(file, `#!/bin/sh\ncat <<'END'\n${lines.map((line) => JSON.stringify(line)).join('\n')}\nEND\n`)
  await chmod(file, 0o755)
  return file
}

it.skipIf(process.platform === 'win32')('goes on training when a checkpoint cannot be kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-train-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'job'))
  const warnings: string[] = []
  const executor = createTrainExecutor({
    python: await trainerThatSays(folder, [
      { type: 'checkpoint-end', step: 1, file: join(folder, 'was-never-written.pt') },
      { type: 'train-error', code: 'bad-data', message: 'the last word of this trainer' },
    ]),
    devices: [],
    log: (level, message) => void (level === 'warn' && warnings.push(message)),
  })
  const lease = {
    job: 'a',
    kind: 'train',
    attempt: 1,
    ttl: 20,
    spec: { method: 'lora', base: 'local:tiny', name: 'a' },
  }
  const told: string[] = []
  const run = executor.run(
    { lease: lease as never, folder: join(folder, 'job'), inputs: { data: 'rows' }, checkpoint: undefined } as never,
    ({ type }) => told.push(type),
    AbortSignal.timeout(10_000),
  )
  await expect(run).rejects.toMatchObject({ code: 'bad-data' })
  expect(warnings).toEqual(['a checkpoint could not be kept'])
  expect(told).not.toContain('checkpoint-folder')
  expect(existsSync(join(folder, 'job/saved/checkpoint.pt'))).toBe(false)
})

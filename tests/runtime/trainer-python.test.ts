import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findTrainerPython } from '#tests/support/trainer-python.ts'

/** A folder whose .venv holds an executable in place of Python that ends as told. */
const folderWithPython = async (script: string): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-python-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await mkdir(join(root, '.venv/bin'), { recursive: true })
  await writeFile(join(root, '.venv/bin/python'), `#!/bin/sh\n${script}\n`)
  await chmod(join(root, '.venv/bin/python'), 0o755)
  return root
}

it('takes the .venv when its packages are those that are pinned', async () => {
  const root = await folderWithPython('test "$2" = test')
  expect(findTrainerPython(root, '')).toEqual({ python: join(root, '.venv/bin/python') })
})
it('says which packages differ', async () => {
  const root = await folderWithPython('echo "torch is missing, wanted 2.10.0" >&2; exit 1')
  expect(findTrainerPython(root, '')).toEqual({ missing: expect.stringContaining('torch is missing, wanted 2.10.0') })
})
it('says that there is no Python at all', () => {
  expect(findTrainerPython(join(tmpdir(), 'nothing-here'), '')).toEqual({ missing: expect.stringContaining('.venv') })
  expect(findTrainerPython(tmpdir(), '/no/such/python')).toEqual({ missing: expect.stringContaining('ENOENT') })
})

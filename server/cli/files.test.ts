import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findFiles } from './files.ts'

it.each(['notes (1).md', '[draft] plan.md', '{a,b}/c.md', '!important.md', 'a+(b).md', 'x@(y|z).md'])(
  'finds %s by its own name',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-files-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await mkdir(join(folder, dirname(name)), { recursive: true })
    await writeFile(join(folder, name), 'text')
    await writeFile(join(folder, 'another.md'), 'text')
    const document = {
      format: 'patchbay/1',
      name: 'a',
      nodes: [],
      edges: [],
      resources: { docs: { kind: 'files', files: [name] } },
    }
    const found = await findFiles(join(folder, 'pipeline.json'), document as never)
    expect(found.map(({ path }) => path)).toEqual([name])
  },
)

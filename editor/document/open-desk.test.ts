import { afterEach, expect, it, vi } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { openBareDesk } from '#tests/support/bare-desk.ts'
import { lookAgain } from './open-desk.ts'

const document: PipelineDocument = { format: 'patchbay/1', name: 'a', nodes: [], edges: [] }

const openDesk = () => openBareDesk(document, ['docs/a.md'])
const answer = (paths: string[], before = () => {}) =>
  vi.stubGlobal('fetch', async () => {
    before()
    return Response.json({ document, revision: 1, files: paths.map((path) => ({ path })) })
  })
afterEach(() => void vi.unstubAllGlobals())

it('knows the files that another tab uploaded, also where no newer draft was saved', async () => {
  const desk = openDesk()
  answer(['docs/a.md', 'docs/b.md'])
  await lookAgain(desk)
  expect(desk.files.list()).toEqual(['docs/a.md', 'docs/b.md'])
})

it('does not forget a file that this tab uploaded while it looked', async () => {
  const desk = openDesk()
  answer(['docs/a.md'], () => desk.files.set(['docs/a.md', 'docs/c.md']))
  await lookAgain(desk)
  expect(desk.files.list()).toEqual(['docs/a.md', 'docs/c.md'])
})

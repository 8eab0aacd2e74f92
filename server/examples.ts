import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import { findFiles } from './cli/files.ts'
import { readDocument } from './judge.ts'
import type { Stores } from './stores.ts'

const folder = join(import.meta.dirname, '../examples')
/** The one that opens first. */
const first = 'ticket-triage'

type Needs = { workspace: string; stores: Pick<Stores, 'pipelines' | 'runs'>; artifacts: Artifacts }

const importExample = async (name: string, { workspace, stores, artifacts }: Needs): Promise<string> => {
  const file = join(folder, name, 'pipeline.json')
  const document = readDocument(await readFile(file, 'utf8'), '')
  const { id } = await stores.pipelines.create(workspace, document)
  for (const { path, real } of await findFiles(file, document)) {
    const { sha256, bytes } = await artifacts.write(await readFile(real), 'application/octet-stream', path)
    await stores.pipelines.putFile(workspace, id, { path, sha256, bytes })
  }
  return id
}

/**
 * Gives an installation that nobody has used the examples, so that the first page shows something that runs.
 * @returns the id of the one to open, or undefined where there is something already
 */
export const importExamples = async (needs: Needs): Promise<string | undefined> => {
  const { workspace, stores } = needs
  const pipelines = await stores.pipelines.list(workspace, { limit: 1 })
  const runs = await stores.runs.list(workspace, { limit: 1 })
  if (pipelines.items.length > 0 || runs.items.length > 0) return undefined
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  // Lists show what was changed last on top.
  let id: string | undefined
  for (const name of names.sort((a, b) => Number(a === first) - Number(b === first) || b.localeCompare(a))) {
    id = await importExample(name, needs)
  }
  return id
}

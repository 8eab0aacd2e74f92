import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import type { Example } from './api.ts'
import { findFiles } from './cli/files.ts'
import { readDocument } from './judge.ts'
import type { Stores } from './stores.ts'

const folder = join(import.meta.dirname, '../examples')
/** What a first visit opens, in the language of the machine. */
export const sampleFor = (locale: string): string => (locale.startsWith('ko') ? 'ticket-triage-ko' : 'ticket-triage')

type Needs = { workspace: string; stores: Pick<Stores, 'pipelines' | 'runs'>; artifacts: Artifacts }

const fileOf = (id: string) => join(folder, id, 'pipeline.json')
const readExample = async (id: string): Promise<PipelineDocument> =>
  readDocument(await readFile(fileOf(id), 'utf8'), '')

/** The pipelines that ship with the program. */
export const listExamples = async (): Promise<Example[]> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const ids = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(ids.sort().map(async (id) => ({ id, document: await readExample(id) })))
}

/** Makes a pipeline of an example, files included; undefined when there is no such example. */
export const copyExample = async (
  id: string,
  { workspace, stores, artifacts }: Needs,
): Promise<{ id: string; revision: number; document: PipelineDocument; paths: string[] } | undefined> => {
  const known = await listExamples()
  const document = known.find((example) => example.id === id)?.document
  if (!document) return undefined
  const created = await stores.pipelines.create(workspace, document)
  const files = await findFiles(fileOf(id), document)
  for (const { path, real } of files) {
    const { sha256, bytes } = await artifacts.write(await readFile(real), 'application/octet-stream', path)
    await stores.pipelines.putFile(workspace, created.id, { path, sha256, bytes })
  }
  return { ...created, document, paths: files.map(({ path }) => path) }
}

/**
 * Gives an installation that nobody has used the sample, so that the first page shows something that runs.
 * @returns the id of the pipeline to open, or undefined where there is something already
 */
export const offerSample = async (needs: Needs): Promise<string | undefined> => {
  const { workspace, stores } = needs
  const pipelines = await stores.pipelines.list(workspace, { limit: 1 })
  const runs = await stores.runs.list(workspace, { limit: 1 })
  if (pipelines.items.length > 0 || runs.items.length > 0) return undefined
  const { locale } = Intl.DateTimeFormat().resolvedOptions()
  return (await copyExample(sampleFor(locale), needs))?.id
}

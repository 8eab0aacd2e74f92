import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import type { Database } from '#runtime/store/database.ts'
import {
  createPipeline,
  deletePipeline,
  listFiles,
  listPipelines,
  listVersions,
  publishVersion,
  putFile,
  readPipeline,
  readVersion,
  removeFile,
  savePipeline,
} from '#runtime/store/pipelines.ts'
import { readSteps, summariseNodes } from '#runtime/store/run-steps.ts'
import { lastRuns, listRuns, readRun, readRunDocument } from '#runtime/store/runs.ts'
import type { PipelineSummary } from './api.ts'
import type { Paging, Stores } from './stores.ts'

/** `exactOptionalPropertyTypes`: an absent cursor is left out. */
const page = ({ limit, cursor }: Paging) => ({ limit, ...(cursor !== undefined && { cursor }) })

const shapeOf = ({ nodes, edges }: PipelineDocument): PipelineSummary['shape'] => ({
  nodes: nodes.map(({ id, type, at }) => ({ id, type, at })),
  edges: edges.map(({ from, to }) => ({ from, to })),
})

const openPipelines = (database: Database): Stores['pipelines'] => {
  const { query } = database
  return {
    create: async (workspace, document) => ({ id: await createPipeline(query, workspace, document), revision: 1 }),
    list: async (workspace, paging) => {
      const { items, next } = await listPipelines(query, workspace, page(paging))
      const ids = items.map(({ id }) => id)
      const runs = await lastRuns(query, workspace, ids, 5)
      return {
        items: items.map(({ document, ...rest }) => ({
          ...rest,
          nodes: document.nodes.length,
          shape: shapeOf(document),
          lastRuns: runs.get(rest.id) ?? [],
        })),
        next,
      }
    },
    get: async (workspace, id) => {
      const found = await readPipeline(query, workspace, id)
      return found && { ...found, files: await listFiles(query, workspace, id) }
    },
    save: async (workspace, id, revision, document) => {
      const result = await savePipeline(query, workspace, id, revision, document)
      return result.saved ? { revision: result.revision } : result.reason
    },
    remove: (workspace, id) => deletePipeline(database, workspace, id),
    publish: async (workspace, id, { document, note }) => {
      const version = await publishVersion(database, workspace, id, document, note)
      return version === undefined ? undefined : (await listVersions(query, workspace, id)).find((one) => one.version === version)
    },
    versions: (workspace, id) => listVersions(query, workspace, id),
    version: (workspace, id, version) => readVersion(query, workspace, id, version),
    putFile: async (workspace, id, file) => {
      if (!(await readPipeline(query, workspace, id))) return false
      await putFile(query, workspace, id, file)
      return true
    },
    removeFile: (workspace, id, path) => removeFile(query, workspace, id, path),
  }
}

const openRuns = ({ query }: Database, artifacts: Artifacts): Stores['runs'] => ({
  list: (workspace, { pipeline, status, ...paging }) =>
    listRuns(query, artifacts, workspace, {
      ...page(paging),
      ...(pipeline !== undefined && { pipeline }),
      ...(status !== undefined && { status: [status] }),
    }),
  get: (workspace, id) => readRun(query, artifacts, workspace, id),
  detail: async (workspace, id) => {
    const [run, document] = await Promise.all([
      readRun(query, artifacts, workspace, id),
      readRunDocument(query, workspace, id),
    ])
    return run && document && { ...run, document, nodes: await summariseNodes(query, artifacts, id) }
  },
  steps: (_, id, { node, ...paging }) =>
    readSteps(query, artifacts, id, { ...page(paging), ...(node !== undefined && { node }) }),
  countByStatus: () =>
    query<{ status: string; count: number }>(
      `select status, count(*) as count from run where created_at > now() - interval '1 day' group by status`,
    ),
})

/** The store as the routes ask for it. */
export const openStores = (database: Database, artifacts: Artifacts): Pick<Stores, 'pipelines' | 'runs'> => ({
  pipelines: openPipelines(database),
  runs: openRuns(database, artifacts),
})

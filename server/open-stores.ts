import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { createApiKey, deleteApiKey, findApiKey, listApiKeys } from '#runtime/store/api-keys.ts'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import type { Database } from '#runtime/store/database.ts'
import {
  deleteDeployment,
  deploy,
  findTarget,
  goLive,
  listDeployments,
  readDeployment,
} from '#runtime/store/deployments.ts'
import { createHook, deleteHook, findHook, listHooks } from '#runtime/store/hooks.ts'
import { endLease, renewLease } from '#runtime/store/job-leases.ts'
import { cancelJob, listJobEvents, listJobs, readJob } from '#runtime/store/jobs.ts'
import { deleteModel, listTuned } from '#runtime/store/models.ts'
import { copyFiles, listFiles, putFile, removeFile } from '#runtime/store/pipeline-files.ts'
import { listVersions, publishVersion, readVersion } from '#runtime/store/pipeline-versions.ts'
import { createPipeline, deletePipeline, listPipelines, readPipeline, savePipeline } from '#runtime/store/pipelines.ts'
import { readSteps, summariseNodes } from '#runtime/store/run-steps.ts'
import { lastRuns, listRuns, readRun, readRunDocument } from '#runtime/store/runs.ts'
import type { Sealer } from '#runtime/store/sealer.ts'
import { deleteSecret, listSecrets, putSecret, readSecret } from '#runtime/store/secrets.ts'
import { createSession, endSession, findSession } from '#runtime/store/sessions.ts'
import {
  createEnrolment,
  createWorker,
  deleteWorker,
  drainWorker,
  findWorker,
  spendEnrolment,
} from '#runtime/store/workers.ts'
import type { PipelineSummary } from './api.ts'
import { shortMemory } from './short-memory.ts'
import type { Paging, Stores } from './stores.ts'

/** `exactOptionalPropertyTypes`: an absent cursor is left out. */
const page = ({ limit, cursor }: Paging) => ({ limit, ...(cursor !== undefined && { cursor }) })

const shapeOf = ({ nodes, edges }: PipelineDocument): PipelineSummary['shape'] => ({
  nodes: nodes.map(({ id, type, at }) => ({ id, type, at })),
  edges: edges.map(({ from, to }) => ({ from, to })),
})

/** The list draws this many runs of each pipeline. */
const stripLength = 24

const openPipelines = (database: Database): Stores['pipelines'] => {
  const { query } = database
  return {
    create: (workspace, document, from) =>
      database.transaction(async (write) => {
        const id = await createPipeline(write, workspace, document)
        if (from !== undefined) await copyFiles(write, workspace, from, id)
        return { id, revision: 1 }
      }),
    list: async (workspace, paging) => {
      const { items, next } = await listPipelines(query, workspace, page(paging))
      const ids = items.map(({ id }) => id)
      const runs = await lastRuns(query, workspace, ids, stripLength)
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
    publish: async (workspace, id, document, note) => {
      const version = await publishVersion(database, workspace, id, document, note)
      return version === undefined
        ? undefined
        : (await listVersions(query, workspace, id)).find((one) => one.version === version)
    },
    versions: (workspace, id) => listVersions(query, workspace, id),
    latest: async (workspace, id) => {
      const [row] = await query<{ version: number | null }>(
        'select max(version) as version from pipeline_version where workspace_id = $1 and pipeline_id = $2::text::uuid',
        [workspace, id],
      )
      return row?.version ?? undefined
    },
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

const openSecrets = (database: Database, sealer: Sealer): Stores['secrets'] => ({
  list: (workspace) => listSecrets(database.query, workspace),
  read: (workspace, name) => readSecret(database.query, sealer, workspace, name),
  // Two statements: a crash between them would leave a secret that does not open.
  set: (workspace, name, value) => database.transaction((query) => putSecret(query, sealer, workspace, name, value)),
  remove: (workspace, name) => deleteSecret(database.query, workspace, name),
})

/** The store as the routes ask for it. */
export const openStores = (database: Database, artifacts: Artifacts, sealer: Sealer): Stores => {
  const { query } = database
  const apiKeys = shortMemory((token) => findApiKey(query, token))
  return {
    pipelines: openPipelines(database),
    runs: openRuns(database, artifacts),
    secrets: openSecrets(database, sealer),
    hooks: {
      create: (workspace, hook, secret) => createHook(query, sealer, workspace, hook, secret),
      list: (workspace) => listHooks(query, workspace),
      find: (workspace, name) => findHook(query, sealer, name, workspace),
      remove: (workspace, name) => deleteHook(query, workspace, name),
    },
    keys: {
      list: (workspace) => listApiKeys(query, workspace),
      create: (workspace, name, scope, only) => createApiKey(query, workspace, name, scope, only),
      find: apiKeys.find,
      remove: async (workspace, id) => {
        const removed = await deleteApiKey(query, workspace, id)
        apiKeys.forget()
        return removed
      },
    },
    tuned: {
      list: async (workspace, paging) => {
        const { items, next } = await listTuned(query, workspace, page(paging))
        return {
          items: items.map(({ name, versions }) => ({ name, versions: versions.map(({ name: _, ...rest }) => rest) })),
          next,
        }
      },
      remove: (workspace, name) => deleteModel(database, workspace, name),
    },
    deployments: {
      list: (workspace, paging) => listDeployments(query, workspace, page(paging)),
      get: (workspace, name) => readDeployment(query, workspace, name),
      target: (workspace, name) => findTarget(query, workspace, name),
      deploy: (workspace, revision) => deploy(database, workspace, { ...revision, run: null }),
      goLive: (workspace, name, revision) => goLive(database, workspace, name, revision),
      remove: (workspace, name) => deleteDeployment(database, workspace, name),
    },
    jobs: {
      list: (workspace, paging) => listJobs(query, workspace, paging),
      get: (workspace, id) => readJob(query, workspace, id),
      events: (workspace, id, paging) => listJobEvents(query, workspace, id, paging),
      cancel: (workspace, id) => cancelJob(query, workspace, id),
      renew: (holder, events) => renewLease(database, holder, events),
      end: async (holder, end) => (await endLease(query, holder, end)) !== undefined,
    },
    workers: {
      enrolment: (workspace) => createEnrolment(query, workspace),
      spendEnrolment: (token) => spendEnrolment(query, token),
      create: (workspace, name) => createWorker(query, workspace, name),
      find: (token) => findWorker(query, token),
      drain: (workspace, id, drain) => drainWorker(query, workspace, id, drain),
      remove: (workspace, id) => deleteWorker(query, workspace, id),
    },
    sessions: {
      create: (workspace) => createSession(query, workspace),
      find: (token) => findSession(query, token),
      end: (token) => endSession(query, token),
    },
  }
}

import { join } from 'node:path'
import { createCalls } from '#runtime/dispatch/calls.ts'
import { createFleet } from '#runtime/dispatch/fleet.ts'
import { type FlowLimits, usualLimits } from '#runtime/dispatch/flow.ts'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import type { DesiredModel } from '#runtime/dispatch/protocol.ts'
import { createRouter } from '#runtime/dispatch/router.ts'
import type { Database } from '#runtime/store/database.ts'
import type { Sealer } from '#runtime/store/sealer.ts'
import { createWorker, forgetBeat, listWorkers, renewWorkerToken } from '#runtime/store/workers.ts'
import type { Log } from './log.ts'

export type WorkersOptions = {
  database: Database
  sealer: Sealer
  workspace: string
  /** The data folder: models are in `models/`, the worker's own files in `worker/`. */
  data: string
  /** Where workers of this machine reach this server. */
  url: string
  limits: Partial<FlowLimits>
  resolveTuned: (workspace: string, id: string) => Promise<DesiredModel | undefined>
  log: Log
}

const localName = 'local'

/** The row of this server's own worker, with a token that nobody else knows. */
const ownWorker = async ({ database: { query }, sealer, workspace }: WorkersOptions) => {
  const found = (await listWorkers(query, sealer, workspace)).find(({ name }) => name === localName)
  if (!found) return createWorker(query, workspace, localName)
  // What a former process of it said is over.
  await forgetBeat(query, workspace, found.id)
  return { id: found.id, token: await renewWorkerToken(query, workspace, found.id) }
}

/** The workers that this server knows, the one that it starts itself, and the way of requests to them. */
export const openWorkers = async (options: WorkersOptions) => {
  const { database, sealer, workspace, data, url, limits, resolveTuned, log } = options
  const own = await ownWorker(options)
  const fleet = await createFleet({ database, sealer, log })
  const calls = createCalls()
  const worker = createLocalWorker({
    models: join(data, 'models'),
    data: join(data, 'worker'),
    server: { url, key: own.token },
    onEnd: () => void fleet.stopped(workspace, own.id).catch(() => undefined),
    log,
  })
  const router = createRouter({
    fleet,
    calls,
    limits: { ...usualLimits, ...limits },
    wakeFor: async (model) => {
      if (!(await worker.has(model))) return false
      await worker.start()
      return true
    },
    resolveTuned,
    known: async () => (await worker.list()).map(({ id }) => id),
  })
  return {
    fleet,
    calls,
    router,
    worker,
    localWorker: own.id,
    stop: async () => {
      router.stop()
      await worker.stop()
      fleet.stop()
    },
  }
}

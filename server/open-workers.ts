import { join } from 'node:path'
import { createCalls } from '#runtime/dispatch/calls.ts'
import { createFleet } from '#runtime/dispatch/fleet.ts'
import { type FlowLimits, usualLimits } from '#runtime/dispatch/flow.ts'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import type { DesiredModel } from '#runtime/dispatch/protocol.ts'
import { createRouter, type RouterOptions } from '#runtime/dispatch/router.ts'
import { servedIds } from '#runtime/dispatch/served-ids.ts'
import type { Database } from '#runtime/store/database.ts'
import type { Sealer } from '#runtime/store/sealer.ts'
import type { Log } from './log.ts'
import { claimOwnWorker } from './own-worker.ts'

export type WorkersOptions = {
  database: Database
  sealer: Sealer
  workspace: string
  /** The data folder: models are in `models/`, the worker's own files in `worker/`. */
  data: string
  /** Where workers of this machine reach this server. */
  url: string
  limits: Partial<FlowLimits>
  /** How long answers may take to begin. */
  begin: Pick<RouterOptions, 'firstByte' | 'hedgeAfter'>
  resolveTuned: (workspace: string, id: string) => Promise<DesiredModel | undefined>
  log: Log
}

/** The workers that this server knows, the one that it starts itself, and the way of requests to them. */
export const openWorkers = async (options: WorkersOptions) => {
  const { database, sealer, workspace, data, url, limits, begin, resolveTuned, log } = options
  const own = await claimOwnWorker(options)
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
    ...begin,
    wakeFor: async (model) => {
      if (!(await worker.has(model))) return false
      await worker.start()
      return true
    },
    resolveTuned,
    known: async (of) => [...new Set([...(await worker.list()).map(({ id }) => id), ...servedIds(fleet, of)])],
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
      await own.release()
    },
  }
}

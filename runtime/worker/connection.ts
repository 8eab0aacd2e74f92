import { join } from 'node:path'
import type { Device, WorkerBeat, WorkerOffer } from '../dispatch/protocol.ts'
import { startBeats } from './beats.ts'
import { findDevices, roomForJobs } from './devices.ts'
import type { Engine } from './engines/engine.ts'
import type { JobExecutor } from './jobs/executor.ts'
import { startLeaseLoop } from './jobs/lease-loop.ts'
import type { Log } from './log.ts'
import type { ModelStore } from './model-store.ts'
import { startRelay } from './relay.ts'
import type { Backoff } from './retry.ts'
import type { ServerClient } from './server-client.ts'

export type ConnectionOptions = {
  server: ServerClient
  name: string
  version: string
  engine: Engine
  engines: WorkerOffer['engines']
  models: ModelStore
  executors: readonly JobExecutor[]
  /** Where the server reaches the engine, up to and including `/v1`. Without it the worker fetches its calls. */
  url?: string | undefined
  /** What the engine's app wants as a bearer token. */
  engineToken: string
  fetch: (request: Request) => Response | Promise<Response>
  /** The worker's own folder. */
  data: string
  slots: number
  /** What jobs may have, where it is not this machine that does them. */
  room?: () => Promise<{ gpus: number; memory: number }>
  log: Log
  /** Told when the server wants this worker to drain, and when no longer. */
  onDrain: (drain: boolean) => void
  /** For tests. */
  timing?: { beats?: number; checkpoints?: number; wait?: number; backoff?: Backoff }
}
export type Connection = {
  /** Offers another kind of jobs, such as when its tools were installed while this worker ran. */
  add: (executor: JobExecutor) => void
  /** Takes nothing new, tells so, releases jobs, and resolves when the answers in work have ended. */
  drain: () => Promise<void>
  stop: () => Promise<void>
}

/** All that a worker does with its server: offer, heartbeats, wanted models, jobs, and calls where it cannot be reached. */
export const connect = (options: ConnectionOptions): Connection => {
  const { server, engine, models, url, engineToken, log, timing = {} } = options
  const shared = { ...(timing.backoff && { backoff: timing.backoff }) }
  const executors = [...options.executors]
  let stopping = false
  let asked = false
  let devices: Device[] = []
  const lookAtDevices = async (): Promise<Device[]> => {
    devices = await findDevices()
    return devices
  }
  const jobs = startLeaseLoop({
    server,
    executors,
    slots: options.slots,
    folder: join(options.data, 'jobs'),
    room: options.room ?? (async () => roomForJobs(await lookAtDevices())),
    log,
    ...(timing.checkpoints !== undefined && { checkpoints: timing.checkpoints }),
    ...(timing.wait !== undefined && { wait: timing.wait }),
    ...shared,
  })
  const relay =
    url === undefined ? startRelay({ server, fetch: options.fetch, token: engineToken, log, ...shared }) : undefined

  const offer = async (): Promise<WorkerOffer> => ({
    name: options.name,
    version: options.version,
    ...(url !== undefined && { url }),
    engineToken,
    engines: options.engines,
    devices: await lookAtDevices(),
    capabilities: ['chat', 'embeddings', 'adapters', ...executors.map(({ kind }) => kind)],
  })
  const beat = async (): Promise<WorkerBeat> => {
    const [served] = await Promise.all([engine.models(), lookAtDevices()])
    const names = new Set(served.map(({ id }) => id))
    const kvUse = engine.kvUse()
    return {
      state: stopping || asked ? 'draining' : 'ready',
      running: served.reduce((sum, { running }) => sum + running, 0),
      waiting: served.reduce((sum, { waiting }) => sum + waiting, 0),
      capacity: engine.capacity(),
      ...(kvUse !== undefined && { kvUse }),
      freeMemory: devices.find(({ kind }) => kind === 'cpu')?.freeMemory ?? 0,
      devices,
      models: [...served, ...models.states().filter(({ id }) => !names.has(id))],
      jobs: jobs.jobs(),
    }
  }
  const askedToDrain = (drain: boolean): void => {
    if (drain === asked || stopping) return
    asked = drain
    options.onDrain(drain)
    log('info', drain ? 'the server asks this worker to drain' : 'the server takes this worker back')
    if (drain) void Promise.all([jobs.drain(), relay?.drain()])
    else {
      jobs.resume()
      relay?.resume()
    }
  }
  const beats = startBeats({
    server,
    offer,
    beat,
    onReply: (reply) => {
      askedToDrain(reply.drain)
      if (!stopping) models.want(reply.models)
    },
    log,
    ...(timing.beats !== undefined && { every: timing.beats }),
  })
  return {
    add: (executor) => {
      executors.push(executor)
      jobs.add(executor)
      beats.again()
    },
    drain: async () => {
      stopping = true
      beats.now()
      await Promise.all([jobs.drain(), relay?.drain()])
    },
    stop: async () => {
      stopping = true
      relay?.stop()
      await Promise.all([beats.stop(), models.stop()])
    },
  }
}

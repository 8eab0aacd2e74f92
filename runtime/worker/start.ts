import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { lockFolder } from '../store/pglite/folder-lock.ts'
import { createWorkerApp } from './app.ts'
import { type Connection, connect } from './connection.ts'
import { findDevices } from './devices.ts'
import { openEngines } from './engines/open-engines.ts'
import { identify } from './enrol.ts'
import type { JobExecutor } from './jobs/executor.ts'
import { createTrainExecutor } from './jobs/train.ts'
import { findPython } from './jobs/trainer-python.ts'
import { logToStderr as log } from './log.ts'
import { createModelStore } from './model-store.ts'
import { readOptions, type WorkerOptions } from './options.ts'
import type { ReadyLine } from './protocol.ts'
import { createRayExecutor } from './ray/executor.ts'
import type { FileServer } from './ray/read-training.ts'
import { createServerClient, type ServerClient } from './server-client.ts'
import { download } from './transfer.ts'
import { version } from './version.ts'

/** Ray finds the place, and lets a job wait for it. */
const roomOnRay = (gpus: number) => ({ gpus, memory: 2 ** 50 })
const rayExecutor = ({ rayGpus: gpus, models }: WorkerOptions, url: string, data: string, server: ServerClient) => {
  const token = process.env['RAY_AUTH_TOKEN']
  const fetchFile: FileServer['download'] = (wanted, file, signal) => download(server, wanted, file, { signal })
  const files = { url: server.server, token: server.token, download: fetchFile }
  return createRayExecutor({
    url,
    ...(token && { token }),
    folder: join(data, 'ray'),
    models,
    server: files,
    gpus,
    log,
  })
}

/** Why this machine does not train was said already; empty where it was not. */
type Said = { reason: string }

/** What trains on this machine, if it can. Why not is said once for each reason. */
const findTrainer = async (options: WorkerOptions, said: Said): Promise<JobExecutor | undefined> => {
  const found = await findPython('job')
  if ('python' in found)
    return createTrainExecutor({ python: found.python, models: options.models, devices: await findDevices(), log })
  if (found.missing !== said.reason) log('info', 'this worker does not train', { reason: found.missing })
  said.reason = found.missing
  return undefined
}

/** How often a worker without a trainer looks whether `npm run trainer:setup` has made one, in ms. */
const trainerEvery = 15_000

/** Looks until there is a trainer, which is given to `found`, or the worker stops. */
const awaitTrainer = async (
  options: WorkerOptions,
  said: Said,
  found: (trainer: JobExecutor) => void,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    await sleep(trainerEvery, undefined, { signal, ref: false }).catch(() => undefined)
    const trainer = signal.aborted ? undefined : await findTrainer(options, said)
    if (!trainer || signal.aborted) continue
    log('info', 'this worker trains now')
    found(trainer)
    return
  }
}

const isLoopback = (address: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname)

/** The server's side, and whether there is one: a command line has none and wants inference only. */
const findServer = async (options: WorkerOptions, signal: AbortSignal): Promise<ServerClient | undefined> => {
  if (!options.held) {
    const { data, server, token, name } = options
    const { token: own } = await identify({ data, server, token, name, version, log, signal })
    return createServerClient(server, own)
  }
  const { server, key } = options
  return server !== undefined && key !== undefined ? createServerClient(server, key) : undefined
}

/** Makes the folder this process' own, and removes what jobs of a worker that was killed left there. */
const takeFolder = async (data: string): Promise<void> => {
  try {
    // The system drops it when this process ends, by whatever death. A lock that nothing refers to is dropped as garbage.
    process.once('exit', lockFolder(data).release)
  } catch (cause) {
    throw new Error(`Another worker uses the folder ${data}. Stop it first, or give this one another with --data.`, {
      cause,
    })
  }
  await rm(join(data, 'jobs'), { recursive: true, force: true })
}

/** Starts the worker: one HTTP server in front of the engines of this machine, and its connection to a Patchbay server. */
export const start = async (args: string[], environment: NodeJS.ProcessEnv): Promise<void> => {
  const options = readOptions(args, environment)
  // Engines, trainers and their children have no use for them.
  for (const name of ['TOKEN', 'KEY', 'ENROL']) delete environment[`PATCHBAY_WORKER_${name}`]
  const { host, port } = options
  const stopping = new AbortController()
  let stop = async (_patience: number): Promise<void> => process.exit(0)
  process.on('SIGTERM', () => void stop(60_000))
  process.on('SIGINT', () => void stop(60_000))
  if (options.held) {
    // The parent holds the other end of stdin. When it is gone, even by kill -9, there is nobody left to serve.
    process.stdin.on('end', () => void stop(0)).on('error', () => void stop(0))
    process.stdin.resume()
  }
  const { engine, llama, offered } = await openEngines(options, environment, log)
  const data = options.data ?? join(tmpdir(), `patchbay-worker-${process.pid}`)
  if (!options.held || options.server !== undefined) await takeFolder(data)
  const client = await findServer(options, stopping.signal)
  if (!options.held) await mkdir(options.models ?? data, { recursive: true })

  const engineToken = options.held ? options.engineToken : randomBytes(32).toString('base64url')
  const store =
    client &&
    createModelStore({ folder: join(data, 'models-cache'), server: client, engine: llama, disk: options.disk, log })
  let draining = false
  const app = createWorkerApp({
    engine,
    token: engineToken,
    log,
    draining: () => draining,
    ...(store && { ensureModel: store.ensure, removeModel: store.remove, onCall: store.used }),
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  let connection: Connection | undefined

  stop = async (patience) => {
    if (stopping.signal.aborted) return
    stopping.abort(new Error('the worker stops'))
    draining = true
    if (patience > 0) log('info', 'draining: what runs may end, jobs save and are released')
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const drained = Promise.all([closed, connection?.drain()])
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, patience))])
    if (patience > 0) await connection?.stop()
    await engine.stop()
    process.exit(0)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const own = `http://${host}:${(server.address() as AddressInfo).port}`
  const ready: ReadyLine = { ready: true, url: own, pid: process.pid }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  if (client && store) {
    const said: Said = { reason: '' }
    const { ray } = options
    const trainer = ray === undefined ? await findTrainer(options, said) : rayExecutor(options, ray, data, client)
    const nearby = options.held || isLoopback(client.server) ? `${own}/v1` : undefined
    connection = connect({
      server: client,
      name: options.held ? 'local' : options.name,
      version,
      engine,
      engines: offered,
      models: store,
      executors: trainer ? [trainer] : [],
      ...(options.ray !== undefined && { room: async () => roomOnRay(options.rayGpus) }),
      url: options.held ? nearby : (options.url ?? nearby),
      engineToken,
      fetch: app.fetch,
      data,
      slots: options.slots,
      log,
      onDrain: (drain) => {
        draining = drain
      },
    })
    if (!trainer) void awaitTrainer(options, said, connection.add, stopping.signal)
  }
}

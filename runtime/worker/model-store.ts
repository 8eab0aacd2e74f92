import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { DesiredModel, workerModel } from '../dispatch/protocol.ts'
import { isDueAgain } from './due-again.ts'
import { WorkerError } from './errors.ts'
import type { Log } from './log.ts'
import { checkModelFile, checkModelName } from './model-file.ts'
import { type ByteServer, download } from './transfer.ts'

/** A model for an engine: an adapter over a base by name, or a file. Paths are GGUF. */
export type ReadyModel = { id: string; file: string } | { id: string; base: string; adapter: string }
/** What takes models at run time; the llama engine does. */
export type ModelTarget = {
  addModel: (model: ReadyModel) => Promise<void>
  removeModel: (id: string) => Promise<void>
}
type ModelState = z.infer<typeof workerModel>

export type ModelStoreOptions = {
  /** Holds one file a digest. */
  folder: string
  server: ByteServer
  engine: ModelTarget
  /** Bytes that the folder may hold; what is desired is never removed for it. */
  disk?: number
  log: Log
  /** Milliseconds that a model which was asked for or called directly stays without the server's list naming it. */
  grace?: number
}
export type ModelStore = {
  /** Has the model ready when it resolves. Asked twice, it is fetched once. */
  ensure: (desired: DesiredModel) => Promise<void>
  /** The models of the server's list are fetched, others go. Failures are logged, told in `states`, and tried again. */
  want: (models: readonly DesiredModel[]) => void
  remove: (id: string) => Promise<void>
  /** A model was called: by a server, perhaps, that is not the one whose list names what is wanted. */
  used: (id: string) => void
  /** Models that are not in the engine: on their way, or why they can not be. */
  states: () => ModelState[]
  stop: () => Promise<void>
}

const digest = /^[0-9a-f]{64}$/
/** As the engine names a base: `local:tiny` is its `tiny`. */
export const engineName = (base: string): string => base.replace(/^local:/, '')
const keyOf = ({ base, form, files }: DesiredModel) =>
  JSON.stringify([base, form, files.map(({ name, sha256 }) => [name, sha256])])

type Entry = {
  key: string
  model: DesiredModel
  work: Promise<void>
  pushed: number
  ready: boolean
  failed?: string
  failedAt?: number
}

/** Downloads what the server wants this worker to serve, and hands it to the engine. */
export const createModelStore = (options: ModelStoreOptions): ModelStore => {
  const { folder, server, engine, disk = Number.POSITIVE_INFINITY, log, grace = 60_000 } = options
  const entries = new Map<string, Entry>()
  const stopping = new AbortController()
  /** A digest that two models share is fetched once. */
  const fetching = new Map<string, Promise<void>>()
  const pathOf = (sha256: string) => join(folder, sha256)

  const fetchFile = async ({ name, sha256, bytes }: DesiredModel['files'][number]): Promise<string> => {
    if (!digest.test(sha256)) throw new WorkerError('model_unusable', `"${sha256}" is no SHA-256 digest.`)
    const file = pathOf(sha256)
    const there = await stat(file).catch(() => undefined)
    if (there?.size !== bytes) {
      const work = fetching.get(sha256) ?? download(server, { sha256, bytes }, file, { signal: stopping.signal })
      fetching.set(sha256, work)
      await work.finally(() => fetching.delete(sha256))
    }
    await checkModelFile(file, name).catch(async (error) => {
      await rm(file, { force: true })
      throw error
    })
    await utimes(file, new Date(), new Date()) // when it was last wanted
    return file
  }

  /** Removes files that no model needs, those not wanted for longest first, until the rest fits. */
  const tidy = async (): Promise<void> => {
    const needed = new Set([...entries.values()].flatMap(({ model }) => model.files.map(({ sha256 }) => sha256)))
    const names = await readdir(folder).catch(() => [])
    const files = await Promise.all(
      names.map(async (name) => ({ name, of: await stat(join(folder, name)).catch(() => undefined) })),
    )
    let held = files.reduce((sum, { of }) => sum + (of?.size ?? 0), 0)
    for (const { name, of } of files.toSorted((a, b) => (a.of?.mtimeMs ?? 0) - (b.of?.mtimeMs ?? 0))) {
      if (held <= disk) return
      if (!of || needed.has(name.replace(/\.part$/, ''))) continue
      await rm(join(folder, name), { force: true })
      held -= of.size
      log('info', 'a model file that nobody wants was removed', { file: name, bytes: of.size })
    }
    if (held > disk) log('warn', 'the models that are wanted take more disk than they may', { held, disk })
  }

  const prepare = async (model: DesiredModel): Promise<void> => {
    for (const { name } of model.files) checkModelName(name)
    const wanted = model.files.filter(({ name }) => /\.gguf$/i.test(name))
    const [one] = wanted
    if (!one || wanted.length > 1)
      throw new WorkerError('model_unusable', `"${model.id}" has ${wanted.length} .gguf files. One is needed.`)
    await mkdir(folder, { recursive: true })
    const file = await fetchFile(one)
    // What was removed while it was on its way is not added any more.
    if (entries.get(model.id)?.key !== keyOf(model)) return
    await engine.addModel(
      model.form === 'adapter' ? { id: model.id, base: engineName(model.base), adapter: file } : { id: model.id, file },
    )
    await tidy()
  }

  const ensure = (model: DesiredModel, pushed = Number.NEGATIVE_INFINITY): Promise<void> => {
    const key = keyOf(model)
    const known = entries.get(model.id)
    if (known?.key === key && !isDueAgain(known.failedAt) && !(known.failed && pushed > 0)) {
      known.pushed = Math.max(known.pushed, pushed)
      return known.work
    }
    const entry: Entry = { key, model, pushed, ready: false, work: Promise.resolve() }
    entries.set(model.id, entry)
    entry.work = prepare(model).then(
      () => {
        entry.ready = true
        log('info', 'model is there', { model: model.id })
      },
      (error: unknown) => {
        entry.failed = error instanceof Error ? error.message : String(error)
        entry.failedAt = performance.now()
        throw error
      },
    )
    entry.work.catch((error: unknown) => {
      if (!stopping.signal.aborted) log('error', 'a model cannot be served', { model: model.id, reason: String(error) })
    })
    return entry.work
  }
  const remove = async (id: string): Promise<void> => {
    if (!entries.delete(id)) return
    await engine.removeModel(id)
    log('info', 'model removed', { model: id })
    await tidy()
  }

  return {
    ensure: (desired) => ensure(desired, performance.now()),
    want: (models) => {
      const named = new Set(models.map(({ id }) => id))
      for (const model of models) ensure(model).catch(() => undefined) // it is logged, and told in states
      for (const [id, { pushed }] of [...entries])
        if (!named.has(id) && performance.now() - pushed > grace)
          remove(id).catch((error: unknown) => log('error', 'a model could not be removed', { reason: String(error) }))
    },
    remove,
    used: (id) => {
      const entry = entries.get(id)
      if (entry) entry.pushed = performance.now()
    },
    states: () =>
      [...entries].flatMap(([id, { ready, failed }]): ModelState[] => {
        if (ready) return []
        const state =
          failed === undefined ? ({ state: 'loading' } as const) : { state: 'failed' as const, reason: failed }
        return [{ id, ...state, running: 0, waiting: 0 }]
      }),
    stop: async () => {
      stopping.abort(new Error('the worker stops'))
      await Promise.allSettled([...entries.values()].map(({ work }) => work))
    },
  }
}

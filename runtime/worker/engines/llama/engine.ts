import { WorkerError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { checkGguf, findModelFile, listModelFiles } from '../../models.ts'
import type { Engine } from '../engine.ts'
import type { ChildOptions } from './messages.ts'
import type { QueueLimits } from './queue.ts'
import { sizeFor } from './size.ts'
import { type SupervisedModel, superviseModel } from './supervisor.ts'

export type LlamaEngineOptions = {
  /** The folder with .gguf files; local:tiny is always there. */
  folder?: string
  limits?: Partial<Omit<QueueLimits, 'slots'>>
  log: Log
}
/** A model beside those of the folder: a file anywhere, or a LoRA adapter (a path) over a base that the folder has. */
export type AddedModel = { id: string; file: string } | { id: string; base: string; adapter: string }

export type LlamaEngine = Engine & {
  /** Takes effect at once; the model is loaded with its first call. The same id with other files replaces the model. */
  addModel: (model: AddedModel) => Promise<void>
  /** The id is unknown at once; what runs ends first, for ten seconds at most. */
  removeModel: (id: string) => Promise<void>
}

/** Milliseconds that running generations get when their model is removed. */
const retirePatience = 10_000

/**
 * GGUF models through llama.cpp, each in a process of its own that starts with the first request for it.
 * An adapter has a process of its own too. llama.cpp frees an adapter only with its model, so in a shared process every
 * adapter ever tried would stay; apart, it ends with its process, and a crash takes one model. What is shared is the file of
 * the base, which llama.cpp maps: on a CPU the system keeps its weights once. (On a GPU each copy costs its memory: many
 * adapters over a large base are vLLM's work.)
 */
export const createLlamaEngine = ({ folder, limits, log }: LlamaEngineOptions): LlamaEngine => {
  const supervised = new Map<string, SupervisedModel>()
  const added = new Map<string, AddedModel>()

  const childFor = async (id: string): Promise<ChildOptions> => {
    const own = added.get(id)
    if (!own) {
      const { file, bytes } = await findModelFile(folder, id)
      return { file, size: sizeFor(bytes) }
    }
    if ('file' in own) return { file: own.file, size: sizeFor(await checkGguf(own.file, id)) }
    const { file, bytes } = await findModelFile(folder, own.base)
    await checkGguf(own.adapter, id)
    return { file, adapter: own.adapter, size: sizeFor(bytes) }
  }
  const modelFor = async (id: string): Promise<SupervisedModel> => {
    const own = added.get(id)
    const child = await childFor(id)
    // Removed or replaced meanwhile: what was found is no longer what it names.
    if (added.get(id) !== own) return modelFor(id)
    const known = supervised.get(id)
    if (known) return known
    const model = superviseModel({ child, log, limits: { waiting: 128, patience: 60_000, ...limits } })
    supervised.set(id, model)
    return model
  }
  const retire = async (id: string): Promise<void> => {
    const model = supervised.get(id)
    supervised.delete(id)
    await model?.retire(retirePatience)
  }

  return {
    async *generate(generation, signal) {
      const model = await modelFor(generation.model)
      for await (const result of model.run({ type: 'generate', generation }, signal))
        if (result.type !== 'embedded') yield result
    },
    embed: async ({ model: id, input }, signal) => {
      for await (const result of (await modelFor(id)).run({ type: 'embed', input }, signal))
        if (result.type === 'embedded') return { vectors: result.vectors, inputTokens: result.inputTokens }
      throw new WorkerError('engine_crashed', 'The engine ended without an embedding. Try again.')
    },
    models: async () =>
      [...new Set([...(await listModelFiles(folder)), ...added.keys()])].map((id) => ({
        id,
        capacity: supervised.get(id)?.capacity ?? sizeFor(0).sequences,
        ...(supervised.get(id)?.status() ?? { state: 'unloaded' as const, running: 0, waiting: 0 }),
      })),
    capacity: () => [...supervised.values()].reduce((sum, { capacity }) => sum + capacity, 0) || sizeFor(0).sequences,
    kvUse: () => {
      const told = [...supervised.values()].flatMap((model) => model.kvUse() ?? [])
      return told.length > 0 ? Math.max(...told) : undefined
    },
    addModel: async (model) => {
      const before = added.get(model.id)
      if (before && JSON.stringify(before) === JSON.stringify(model)) return
      added.set(model.id, model)
      try {
        await childFor(model.id)
      } catch (error) {
        if (before) added.set(model.id, before)
        else added.delete(model.id)
        throw error
      }
      if (before) void retire(model.id)
    },
    removeModel: async (id) => {
      if (added.delete(id)) await retire(id)
    },
    stop: async () => {
      await Promise.all([...supervised.values()].map((model) => model.stop()))
    },
  }
}

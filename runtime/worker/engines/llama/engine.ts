import type { Log } from '../../log.ts'
import { findModelFile, listModelFiles } from '../../models.ts'
import type { Engine } from '../engine.ts'
import type { QueueLimits } from './queue.ts'
import { sizeFor } from './size.ts'
import { type SupervisedModel, superviseModel } from './supervisor.ts'

export type LlamaEngineOptions = {
  /** The folder with .gguf files; local:tiny is always there. */
  folder?: string
  limits?: Partial<Omit<QueueLimits, 'slots'>>
  log: Log
}

/** GGUF models through llama.cpp, each in a process of its own that starts with the first request for it. */
export const createLlamaEngine = ({ folder, limits, log }: LlamaEngineOptions): Engine => {
  const supervised = new Map<string, SupervisedModel>()
  const sequences = new Map<string, number>()

  const modelFor = async (id: string): Promise<SupervisedModel> => {
    const { file, bytes } = await findModelFile(folder, id)
    const known = supervised.get(id)
    if (known) return known
    const size = sizeFor(bytes)
    const model = superviseModel({ file, size, log, limits: { waiting: 128, patience: 60_000, ...limits } })
    supervised.set(id, model)
    sequences.set(id, size.sequences)
    return model
  }

  return {
    async *generate(generation, signal) {
      yield* (await modelFor(generation.model)).generate(generation, signal)
    },
    models: async () =>
      (await listModelFiles(folder)).map((id) => ({
        id,
        ...(supervised.get(id)?.status() ?? { state: 'unloaded' as const, running: 0, waiting: 0 }),
      })),
    capacity: () => [...sequences.values()].reduce((sum, n) => sum + n, 0),
    stop: async () => {
      await Promise.all([...supervised.values()].map((model) => model.stop()))
    },
  }
}

import { WorkerError } from '../errors.ts'
import type { Engine } from './engine.ts'

/** Several engines as one. A model belongs to the first that lists it. */
export const combineEngines = (engines: readonly Engine[]): Engine => {
  const listed = () => Promise.all(engines.map(async (engine) => ({ engine, models: await engine.models() })))
  const owner = async (id: string): Promise<Engine> => {
    const lists = await listed()
    const found = lists.find(({ models }) => models.some((model) => model.id === id))
    if (found) return found.engine
    const there = lists.flatMap(({ models }) => models.map((model) => model.id))
    throw new WorkerError('model_not_found', `There is no model "${id}". There is: ${there.join(', ') || 'none'}.`, {
      param: 'model',
    })
  }
  return {
    async *generate(generation, signal) {
      yield* (await owner(generation.model)).generate(generation, signal)
    },
    embed: async (embedding, signal) => (await owner(embedding.model)).embed(embedding, signal),
    proxy: async (call, signal) => (await owner(call.model)).proxy?.(call, signal),
    models: async () => {
      // What an engine says of itself holds for each of its models, and for no model of another one.
      const known = (await listed()).flatMap(({ engine, models }) =>
        models.map((model) => ({ capacity: engine.capacity(), ...model })),
      )
      const byId = new Map(known.reverse().map((model) => [model.id, model]))
      return [...byId.values()]
    },
    capacity: () => engines.reduce((sum, engine) => sum + engine.capacity(), 0),
    kvUse: () => {
      const told = engines.flatMap((engine) => engine.kvUse() ?? [])
      return told.length > 0 ? Math.max(...told) : undefined
    },
    stop: async () => {
      await Promise.all(engines.map((engine) => engine.stop()))
    },
  }
}

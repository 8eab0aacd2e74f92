import type { WorkerOffer } from '../../dispatch/protocol.ts'
import type { Log } from '../log.ts'
import { combineEngines } from './combine.ts'
import type { Engine } from './engine.ts'
import { readExternal } from './external/address.ts'
import { createExternalEngine } from './external/engine.ts'
import { createLlamaEngine, type LlamaEngine } from './llama/engine.ts'
import { checkFolder, type PythonModel } from './python/command.ts'
import { createPythonEngine } from './python/engine.ts'
import { findServingPython } from './python/find-server.ts'
import { readPythonModel } from './python/read-model.ts'

export type EngineChoice = {
  /** The folder with .gguf files. */
  models?: string | undefined
  /** As readExternal takes them. */
  external: readonly string[]
  /** As readPythonModel takes them. */
  python: readonly string[]
}
export type OpenEngines = {
  /** All of them as one. */
  engine: Engine
  /** Takes what the server wants served. */
  llama: LlamaEngine
  /** What the server is told of them. */
  offered: WorkerOffer['engines']
}

/** A name that two engines have would reach the first of them only, without a word. */
const refuseTaken = async (llama: LlamaEngine, models: readonly PythonModel[]): Promise<void> => {
  const taken = new Set((await llama.models()).map(({ id }) => id))
  const twice = models.flatMap(({ id, adapters = {} }) => [id, ...Object.keys(adapters)]).find((id) => taken.has(id))
  if (twice !== undefined)
    throw new Error(
      `--python would serve "${twice}", but there is another model of that name. Add ",name=" with another.`,
    )
}

/** Starts nothing yet: a model is loaded with its first call. @throws Error that says which option cannot be carried out */
export const openEngines = async (
  { models: folder, external, python }: EngineChoice,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<OpenEngines> => {
  const addresses = external.map((text) => readExternal(text, environment))
  const models = python.map(readPythonModel)
  await Promise.all(models.map(checkFolder))
  const serving = models.length > 0 ? await findServingPython() : undefined
  const llama = createLlamaEngine({ log, ...(folder !== undefined && { folder }) })
  await refuseTaken(llama, models)
  const others = serving ? [createPythonEngine({ python: serving.python, models, log })] : []
  return {
    llama,
    engine: combineEngines([llama, ...others, ...addresses.map((address) => createExternalEngine({ address, log }))]),
    offered: [
      { kind: 'llama' },
      ...(serving ? [{ kind: 'python' as const, version: serving.version }] : []),
      ...addresses.map(({ url }) => ({ kind: 'external' as const, url: url.href })),
    ],
  }
}

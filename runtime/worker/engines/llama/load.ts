import {
  type ChatWrapper,
  getLlama,
  type Llama,
  type LlamaContextSequence,
  type LlamaEmbeddingContext,
  type LlamaGrammar,
  LlamaLogLevel,
  type LlamaModel,
} from 'node-llama-cpp'
import { findGpu } from './gpu.ts'
import type { ChildOptions } from './messages.ts'
import { chatTemplateOf } from './prompt.ts'
import { createSteps, type Steps } from './steps.ts'

export type LoadedModel = {
  llama: Llama
  model: LlamaModel
  template: ChatWrapper
  /** Tokens that prompt and answer may have together. */
  contextSize: number
  /** A free sequence, waiting for one if need be. */
  take: () => Promise<LlamaContextSequence>
  give: (sequence: LlamaContextSequence) => void
  /** What generations at once share. */
  steps: Steps
  /** Share of the KV cache that sequences in use hold. */
  kvUse: () => number
  /** Made with the first call: most models are never asked for embeddings. */
  embeddings: () => Promise<LlamaEmbeddingContext>
  /** Grammars by schema text; making one takes longer than a short answer. */
  grammars: Map<string, LlamaGrammar>
}

const createPool = (all: LlamaContextSequence[], contextSize: number) => {
  const free = [...all]
  const waiting: ((sequence: LlamaContextSequence) => void)[] = []
  return {
    take: async () => free.pop() ?? new Promise<LlamaContextSequence>((resolve) => waiting.push(resolve)),
    give: (sequence: LlamaContextSequence) => {
      const next = waiting.shift()
      if (next) next(sequence)
      else free.push(sequence)
    },
    kvUse: () => {
      const tokens = all.reduce((sum, sequence) => sum + (free.includes(sequence) ? 0 : sequence.nextTokenIndex), 0)
      return Math.min(1, tokens / (all.length * contextSize))
    },
  }
}

/** node-llama-cpp 3.22 takes adapters for a context of its own making only; a context for embeddings has one inside. */
type WithInnerContext = { _llamaContext: { _setLoras: (adapters: { filePath: string }[]) => Promise<void> } }

const embeddingContext = async (model: LlamaModel, { size, adapter }: ChildOptions): Promise<LlamaEmbeddingContext> => {
  const context = await model.createEmbeddingContext({
    contextSize: { max: Math.min(size.context, model.trainContextSize) },
    threads: size.threads,
  })
  if (adapter !== undefined)
    await (context as unknown as WithInnerContext)._llamaContext._setLoras([{ filePath: adapter }])
  return context
}

/** Loads a GGUF file, and an adapter over it, with the prebuilt library: nothing is ever compiled or downloaded. */
export const loadModel = async (
  options: ChildOptions,
  log: (level: 'warn' | 'error', message: string) => void,
): Promise<LoadedModel> => {
  const { file, adapter, size } = options
  const llama = await getLlama({
    gpu: size.gpu ? await findGpu() : false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: size.threads,
    logLevel: LlamaLogLevel.error,
    logger: (level, message) => log(level === LlamaLogLevel.warn ? 'warn' : 'error', message.trim()),
  })
  const model = await llama.loadModel({ modelPath: file })
  const context = await model.createContext({
    contextSize: { max: Math.min(size.context, model.trainContextSize) },
    sequences: size.sequences,
    threads: size.threads,
    ...(adapter !== undefined && { lora: adapter }),
  })
  const contextSize = Math.min(context.contextSize, model.trainContextSize)
  const sequences = Array.from({ length: size.sequences }, () => context.getSequence())
  let embeddings: Promise<LlamaEmbeddingContext> | undefined
  return {
    llama,
    model,
    template: chatTemplateOf(model),
    contextSize,
    ...createPool(sequences, contextSize),
    steps: createSteps(),
    embeddings: () => {
      embeddings ??= embeddingContext(model, options)
      return embeddings
    },
    grammars: new Map(),
  }
}

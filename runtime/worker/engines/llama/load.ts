import {
  type ChatWrapper,
  getLlama,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaGrammar,
  LlamaLogLevel,
  type LlamaModel,
} from 'node-llama-cpp'
import { chatTemplateOf } from './prompt.ts'
import type { Size } from './size.ts'

export type LoadedModel = {
  llama: Llama
  model: LlamaModel
  context: LlamaContext
  template: ChatWrapper
  /** Tokens that prompt and answer may have together. */
  contextSize: number
  /** A free sequence, waiting for one if need be. */
  take: () => Promise<LlamaContextSequence>
  give: (sequence: LlamaContextSequence) => void
  /** Grammars by schema text; making one takes longer than a short answer. */
  grammars: Map<string, LlamaGrammar>
}

const createPool = (free: LlamaContextSequence[]) => {
  const waiting: ((sequence: LlamaContextSequence) => void)[] = []
  return {
    take: async () => free.pop() ?? new Promise<LlamaContextSequence>((resolve) => waiting.push(resolve)),
    give: (sequence: LlamaContextSequence) => {
      const next = waiting.shift()
      if (next) next(sequence)
      else free.push(sequence)
    },
  }
}

/** Loads a GGUF file on the CPU with the prebuilt library: nothing is ever compiled or downloaded. */
export const loadModel = async (
  file: string,
  size: Size,
  log: (level: 'warn' | 'error', message: string) => void,
): Promise<LoadedModel> => {
  const llama = await getLlama({
    gpu: false,
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
  })
  return {
    llama,
    model,
    context,
    template: chatTemplateOf(model),
    contextSize: Math.min(context.contextSize, model.trainContextSize),
    ...createPool(Array.from({ length: size.sequences }, () => context.getSequence())),
    grammars: new Map(),
  }
}

import { type LlamaContextSequence, LlamaGrammarEvaluationState, type Token } from 'node-llama-cpp'
import { WorkerError } from '../../errors.ts'
import type { Generation, Piece } from '../engine.ts'
import { jsonGrammar } from './grammar.ts'
import type { LoadedModel } from './load.ts'
import { encodePrompt } from './prompt.ts'
import { createTextStream } from './text-stream.ts'

/** A shorter common beginning is not worth keeping: evaluating it anew is quick, and the same prompt gives the same answer. */
const worthKeeping = 64
/** Prompt tokens between two looks at the signal; grows and shrinks so that one look comes every 100 to 500 ms. */
const firstStride = 32

const keepCommonBeginning = async (sequence: LlamaContextSequence, tokens: Token[]): Promise<void> => {
  const common = sequence.compareContextTokens(tokens.slice(0, -1)).firstDifferentIndex
  if (common < worthKeeping) await sequence.clearHistory()
  else await sequence.adaptStateToTokens(tokens.slice(0, common), false)
}

/** Evaluates all but the last tokens of the prompt, looking at the signal in between. Returns what is left to evaluate. */
const readPrompt = async (sequence: LlamaContextSequence, tokens: Token[], signal: AbortSignal): Promise<Token[]> => {
  await keepCommonBeginning(sequence, tokens)
  let rest = tokens.slice(sequence.nextTokenIndex)
  for (let stride = firstStride; rest.length > stride; ) {
    signal.throwIfAborted()
    const started = performance.now()
    await sequence.evaluateWithoutGeneratingNewTokens(rest.slice(0, stride))
    rest = rest.slice(stride)
    const took = performance.now() - started
    if (took < 100) stride = Math.min(512, stride * 2)
    else if (took > 500) stride = Math.max(1, Math.floor(stride / 4))
  }
  return rest
}

const grammarFor = async (loaded: LoadedModel, schema: Record<string, unknown>) => {
  const key = JSON.stringify(schema)
  const grammar = loaded.grammars.get(key) ?? (await jsonGrammar(loaded.llama, schema))
  loaded.grammars.delete(key)
  loaded.grammars.set(key, grammar)
  if (loaded.grammars.size > 100) loaded.grammars.delete(loaded.grammars.keys().next().value as string)
  return new LlamaGrammarEvaluationState({ model: loaded.model, grammar })
}

const sampling = async (loaded: LoadedModel, generation: Generation) => ({
  temperature: generation.temperature,
  ...(generation.topP !== undefined && { topP: generation.topP }),
  ...(generation.seed !== undefined && { seed: generation.seed }),
  ...(generation.schema && { grammarEvaluationState: await grammarFor(loaded, generation.schema) }),
})

/** Generates on one sequence. Ends without an `end` piece when the signal is aborted. */
export async function* generate(
  loaded: LoadedModel,
  generation: Generation,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const tokens = encodePrompt(loaded.model, loaded.template, generation.messages)
  const room = loaded.contextSize - tokens.length
  if (room < 1)
    throw new WorkerError(
      'context_length_exceeded',
      `The prompt has ${tokens.length} tokens and the context of "${generation.model}" holds ${loaded.contextSize}. Shorten the prompt.`,
      { param: 'messages' },
    )
  const most = Math.min(room, generation.maxTokens ?? room)
  const options = await sampling(loaded, generation)
  const text = createTextStream(
    (pending, before) => loaded.model.detokenize(pending as Token[], false, before as Token[]),
    generation.stop,
  )
  const sequence = await loaded.take()
  let outputTokens = 0
  let finish: 'stop' | 'length' = 'stop'
  try {
    const rest = await readPrompt(sequence, tokens, signal)
    for await (const token of sequence.evaluate(rest, options)) {
      if (signal.aborted) return
      outputTokens += 1
      const { text: safe, stopped } = text.push(token)
      if (safe) yield { type: 'text', text: safe }
      if (stopped) break
      if (outputTokens >= most) {
        finish = 'length'
        break
      }
    }
    const held = text.flush()
    if (held) yield { type: 'text', text: held }
    yield { type: 'end', finish, usage: { inputTokens: tokens.length, outputTokens } }
  } finally {
    loaded.give(sequence)
  }
}

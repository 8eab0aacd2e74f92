import { type LlamaContextSequence, LlamaGrammarEvaluationState, type Token } from 'node-llama-cpp'
import { WorkerError } from '../../errors.ts'
import type { Generation, Piece } from '../engine.ts'
import { jsonGrammar } from './grammar.ts'
import type { LoadedModel } from './load.ts'
import { encodePrompt } from './prompt.ts'
import type { Member } from './steps.ts'
import { createTextStream } from './text-stream.ts'
import {
  createLogprobLine,
  type Generated,
  generateTokens,
  generateTokensWithChances,
  logprobOf,
  type Sampling,
} from './tokens.ts'

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

const samplingOf = async (loaded: LoadedModel, generation: Generation): Promise<Sampling> => ({
  temperature: generation.temperature,
  ...(generation.topP !== undefined && { topP: generation.topP }),
  ...(generation.seed !== undefined && { seed: generation.seed }),
  ...(generation.schema && { grammarEvaluationState: await grammarFor(loaded, generation.schema) }),
})

const refuse = ({ model, schema, logprobs, temperature }: Generation, tokens: number, context: number): void => {
  if (tokens >= context)
    throw new WorkerError(
      'context_length_exceeded',
      `The prompt has ${tokens} tokens and the context of "${model}" holds ${context}. Shorten the prompt.`,
      { param: 'messages' },
    )
  if (schema && logprobs !== undefined && temperature > 0)
    throw new WorkerError(
      'unsupported_parameter',
      'This engine reports log-probabilities under a schema at temperature 0 only. Set "temperature" to 0.',
      { param: 'logprobs' },
    )
}

/** Generates on one sequence. Ends without an `end` piece when the signal is aborted. */
export async function* generate(
  loaded: LoadedModel,
  generation: Generation,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const { model, contextSize } = loaded
  const { logprobs } = generation
  const tokens = encodePrompt(model, loaded.template, generation.messages)
  refuse(generation, tokens.length, contextSize)
  const room = contextSize - tokens.length
  const most = Math.min(room, generation.maxTokens ?? room)
  const sampling = await samplingOf(loaded, generation)
  const text = createTextStream(
    (pending, before) => model.detokenize(pending as Token[], false, before as Token[]),
    generation.stop,
  )
  const line = createLogprobLine()
  const piece = (of: string, stopped = false): Piece => {
    const told = line.take(of, stopped)
    return { type: 'text', text: of, ...(told.length > 0 && { logprobs: told }) }
  }
  const sequence = await loaded.take()
  let outputTokens = 0
  let finish: 'stop' | 'length' = 'stop'
  let step: Member | undefined
  try {
    const rest = await readPrompt(sequence, tokens, signal)
    const generated: AsyncIterable<Generated> =
      logprobs === undefined
        ? generateTokens(sequence, rest, sampling)
        : generateTokensWithChances(sequence, rest, sampling)
    let ended = false
    for await (const { token, chances } of generated) {
      if (signal.aborted) return
      step ??= loaded.steps.join() // not before its prompt is read, which may take long
      outputTokens += 1
      if (chances) line.push(logprobOf(model, { token, chances }, logprobs ?? 0))
      const { text: safe, stopped } = text.push(token)
      if (safe) yield piece(safe, stopped)
      ended = stopped
      if (stopped) break
      if (outputTokens >= most) {
        finish = 'length'
        break
      }
      await step.together()
    }
    const last = piece(text.flush(), ended)
    if (last.type === 'text' && (last.text || last.logprobs)) yield last
    yield { type: 'end', finish, usage: { inputTokens: tokens.length, outputTokens } }
  } finally {
    step?.leave()
    loaded.give(sequence)
  }
}

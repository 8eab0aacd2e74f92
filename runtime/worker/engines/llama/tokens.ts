import type { LlamaContextSequence, LlamaGrammarEvaluationState, LlamaModel, Token } from 'node-llama-cpp'
import type { TokenChance, TokenLogprob } from '../../token-logprob.ts'
import { draw, randomNumbers } from './draw.ts'

export type Sampling = {
  temperature: number
  topP?: number
  seed?: number
  grammarEvaluationState?: LlamaGrammarEvaluationState
}
export type Generated = { token: Token; chances?: ReadonlyMap<Token, number> }

/** Generates token by token until the model ends. */
export async function* generateTokens(
  sequence: LlamaContextSequence,
  tokens: Token[],
  sampling: Sampling,
): AsyncGenerator<Generated> {
  for await (const token of sequence.evaluate(tokens, { topP: 1, topK: 0, ...sampling })) yield { token }
}

/**
 * The same with the chances of all tokens. The library tells them as they are after sampling, when one is left, so the
 * likeliest is asked for and the draw is made here.
 */
export async function* generateTokensWithChances(
  sequence: LlamaContextSequence,
  tokens: Token[],
  { temperature, topP, seed, grammarEvaluationState }: Sampling,
): AsyncGenerator<Required<Generated>> {
  const random = randomNumbers(seed ?? Math.random() * 2 ** 32)
  const generated = sequence.evaluateWithMetadata(
    tokens,
    { probabilities: true },
    { temperature: 0, yieldEogToken: true, ...(grammarEvaluationState && { grammarEvaluationState }) },
  )
  try {
    let next = await generated.next()
    while (!next.done) {
      const chances = next.value.probabilities
      const token = draw(chances, { temperature, ...(topP !== undefined && { topP }) }, random)
      if (sequence.model.isEogToken(token)) return
      yield { token, chances }
      next = await generated.next(token)
    }
  } finally {
    await generated.return()
  }
}

const chanceOf = (model: LlamaModel, token: Token, chance: number): TokenChance => {
  const text = model.detokenize([token], true)
  // A piece of a character has no text of its own; the library does not tell its bytes.
  return {
    token: text,
    logprob: chance > 0 ? Math.log(chance) : -9999,
    bytes: text.includes('�') ? null : [...Buffer.from(text)],
  }
}

/** A token's chance and those of the `top` likeliest, in OpenAI's shape; -9999 stands for "impossible", as there. */
export const logprobOf = (model: LlamaModel, { token, chances }: Required<Generated>, top: number): TokenLogprob => ({
  ...chanceOf(model, token, chances.get(token) ?? 0),
  top_logprobs: [...chances.entries().take(top)].map(([of, chance]) => chanceOf(model, of, chance)),
})

/** Hands out log-probabilities with the text that they belong to: text may be held back, and a stop text is cut off. */
export const createLogprobLine = () => {
  let line: TokenLogprob[] = []
  return {
    push: (logprob: TokenLogprob) => line.push(logprob),
    /** All that wait; after a stop text only those whose text was sent. */
    take: (sent: string, stopped: boolean): TokenLogprob[] => {
      const whole = line
      line = []
      if (!stopped) return whole
      let covered = 0
      return whole.filter(({ token }) => {
        const before = covered
        covered += token.length
        return before < sent.length
      })
    },
  }
}

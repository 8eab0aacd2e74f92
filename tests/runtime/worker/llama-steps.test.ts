import type { LlamaContextSequence } from 'node-llama-cpp'
import { expect, it } from 'vitest'
import { generate } from '#runtime/worker/engines/llama/generate.ts'
import { type LoadedModel, loadModel } from '#runtime/worker/engines/llama/load.ts'
import { sizeFor } from '#runtime/worker/engines/llama/size.ts'
import { tinyFile } from '#runtime/worker/models.ts'

/** Inside the library, of node-llama-cpp 3.22: what begins each step with its number of tokens. */
type Inner = { initBatch: (tokens: number) => void }
type WithInner = { _context: { _ctx: Inner } }

/** The sizes of a model's steps from now on. Nothing tells them from outside. */
const watchSteps = async (loaded: LoadedModel): Promise<number[]> => {
  const sizes: number[] = []
  const sequence: LlamaContextSequence = await loaded.take()
  const context = (sequence as unknown as WithInner)._context
  const real = context._ctx
  context._ctx = new Proxy(real, {
    get: (_, key) => {
      if (key === 'initBatch')
        return (tokens: number) => {
          sizes.push(tokens)
          real.initBatch(tokens)
        }
      const value: unknown = Reflect.get(real, key)
      return typeof value === 'function' ? value.bind(real) : value
    },
  })
  loaded.give(sequence)
  return sizes
}

it('answers several at once by steps that they share, with the same words as alone', { timeout: 60_000 }, async () => {
  const size = sizeFor(0)
  const loaded = await loadModel({ file: tinyFile, size }, () => undefined)
  try {
    const sizes = await watchSteps(loaded)
    const words = ['bako', 'dero', 'fimu', 'golu'].slice(0, size.sequences)
    const answer = async (word: string) => {
      const content = `Repeat this text: ${Array(8).fill(word).join(' ')}`
      const asked = { model: 'tiny', messages: [{ role: 'user' as const, content }], temperature: 0, stop: [] }
      let text = ''
      for await (const piece of generate(loaded, { ...asked, maxTokens: 30 }, AbortSignal.timeout(60_000)))
        if (piece.type === 'text') text += piece.text
      return text
    }
    const alone: string[] = []
    for (const word of words) alone.push(await answer(word))
    expect(sizes.filter((tokens) => tokens > 1 && tokens <= words.length)).toEqual([])
    sizes.length = 0
    expect(await Promise.all(words.map(answer))).toEqual(alone)
    const shared = sizes.filter((tokens) => tokens === words.length).length
    expect(shared, sizes.join()).toBeGreaterThan(8)
    expect(sizes.filter((tokens) => tokens === 1).length, sizes.join()).toBeLessThan(shared)
  } finally {
    await loaded.llama.dispose()
  }
})

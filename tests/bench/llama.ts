/**
 * `node tests/bench/llama.ts [--weights MILLIONS] [--rounds N] [--seconds S]`: tokens a second of one process of the llama
 * engine for 1 and for 8 clients in turn. Without `--weights` it is local:tiny; with it a Llama of random weights, in Q8_0,
 * which is read from memory for every step as a real one is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import { convertModel } from '#runtime/worker/gguf/convert.ts'
import { type LlamaShape, smallShape, writeLlamaFolder } from '../support/llama-folder.ts'

const { values } = parseArgs({
  options: {
    weights: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
  },
})
const [weights, rounds, seconds] = [Number(values.weights), Number(values.rounds), Number(values.seconds)]
const words = ['bako', 'dero', 'fimu', 'golu', 'hane', 'jupi', 'kelo', 'moti']
const answered = z.object({ usage: z.object({ completion_tokens: z.int() }) })

/** Layers of 12.8 million weights, as many as come nearest. */
const shapeOf = (millions: number): LlamaShape => ({
  ...smallShape,
  ...{ width: 1_024, inner: 2_816, heads: 16, keyHeads: 16, headDim: 64, context: 512 },
  layers: Math.max(1, Math.round(millions / 12.8)),
})
const makeModel = async (folder: string): Promise<string> => {
  if (weights === 0) return 'tiny'
  await writeLlamaFolder(join(folder, 'random'), shapeOf(weights))
  await convertModel(join(folder, 'random'), join(folder, 'random.gguf'), { type: 'Q8_0' })
  return 'random.gguf'
}
const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0
const whole = (value: number) => String(Math.round(value))
const row = (what: string, of: readonly number[]) =>
  `| ${what} | ${whole(median(of))} (${whole(Math.min(...of))} – ${whole(Math.max(...of))}) |`

const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-llama-'))
const worker = createLocalWorker({ models: folder, log: () => undefined })
try {
  const model = await makeModel(folder)
  const { url, token } = await worker.endpoint(`local:${model}`, AbortSignal.timeout(60_000))
  const ask = async (turn: number): Promise<number> => {
    const content = `Repeat this text: ${Array(8)
      .fill(words[turn % words.length])
      .join(' ')}`
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }], temperature: 0, max_tokens: 48 }),
    })
    return answered.parse(await response.json()).usage.completion_tokens
  }
  const rate = async (clients: number): Promise<number> => {
    const since = performance.now()
    let [tokens, turn] = [0, 0]
    const client = async () => {
      while (performance.now() - since < seconds * 1_000) {
        const made = await ask(turn++)
        tokens += made // apart: others add meanwhile
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    return (tokens * 1_000) / (performance.now() - since)
  }
  await rate(8) // loads the model
  const [one, eight]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    one.push(await rate(1))
    eight.push(await rate(8))
  }
  const ratio = median(eight.map((value, at) => value / (one[at] ?? 1)))
  console.log(`${model}, load ${loadavg()[0]?.toFixed(1)}; median tokens a second (least – most) of ${rounds} rounds`)
  console.log(`\n| clients | tokens/s |\n|-|-|\n${row('1', one)}\n${row('8', eight)}`)
  console.log(`\n8 clients over 1, round by round: ${ratio.toFixed(2)} times`)
} finally {
  await worker.stop()
  rmSync(folder, { recursive: true, force: true })
}

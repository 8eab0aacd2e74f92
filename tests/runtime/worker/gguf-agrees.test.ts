import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLlamaEngine, type LlamaEngine } from '#runtime/worker/engines/llama/engine.ts'
import { convertLora, convertModel } from '#runtime/worker/gguf/convert.ts'
import { findTrainerPython } from '#tests/support/trainer-python.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const base = join(root, 'runtime/worker/models/tiny')
const script = join(root, 'runtime/worker/trainer/tests/greedy_tokens.py')
/** As in the script. */
const longest = 32
const found = findTrainerPython(root)

const prompts = [
  ...['bako', 'bako zan', 'mi toru ela', 'Order 4417', '안녕하세요 여러분', 'a, b, c'].map(
    (of) => `Repeat this text: ${of}`,
  ),
  ...['My lamp has not arrived.', 'I was charged twice.', 'The app crashes.', 'I can not sign in.'].map(
    (of) => `Which category is it: billing, bug, account, shipping?\n${of}`,
  ),
  ...['My name is Maya Wood. I live in Oslo.', 'I am Tom Hill from Paris.', 'Jin Park, Seoul'].map(
    (of) => `Extract name, city as JSON:\n${of}`,
  ),
  ...['3 1 2', '9 4 7 1', 'b a c'].map((of) => `Sort: ${of}`),
  ...['What is the capital of France?', '오늘 날씨가 어때요?', 'numbers', 'x', '{"a": 1}', '👋'],
]

type Answer = { prompt: number; tokens: string[] }

/** Runs Python beside other tests, so without blocking them. */
const transformers = async (folder: string): Promise<Record<'plain' | 'lora' | 'stabilised', Answer[]>> => {
  if ('missing' in found) throw new Error(found.missing)
  const child = spawn(found.python, ['-B', script, base, folder], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(JSON.stringify(prompts))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(`Python ended with ${code}: ${error.slice(-2_000)}`)
  return JSON.parse(out)
}

/** The same from the engine: log-probabilities are asked for because they tell the tokens apart. */
const llama = async (engine: LlamaEngine, model: string): Promise<Answer[]> => {
  const answer = async (content: string): Promise<Answer> => {
    const tokens: string[] = []
    let prompt = 0
    const messages = [{ role: 'user' as const, content }]
    const generation = { model, messages, temperature: 0, maxTokens: longest, stop: [], logprobs: 0 }
    for await (const piece of engine.generate(generation, AbortSignal.timeout(60_000)))
      if (piece.type === 'text') tokens.push(...(piece.logprobs ?? []).map(({ token }) => token))
      else prompt = piece.usage.inputTokens
    return { prompt, tokens }
  }
  return Promise.all(prompts.map(answer))
}

if ('missing' in found)
  test('THE CONVERTER WAS NOT COMPARED WITH TRANSFORMERS: the trainer has no Python here', () => {
    console.warn(`THE CONVERTER WAS NOT COMPARED WITH TRANSFORMERS: ${found.missing}. Run npm run trainer:setup once.`)
    expect(found.missing).not.toBe('')
  })
else
  describe('a converted file, token by token against transformers', { timeout: 240_000 }, () => {
    let folder = ''
    let engine: LlamaEngine
    let told: Awaited<ReturnType<typeof transformers>>
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'patchbay-agrees-'))
      engine = createLlamaEngine({ folder, log: () => undefined })
      await convertModel(base, join(folder, 'F32.gguf'), { type: 'F32' })
      await convertModel(base, join(folder, 'F16.gguf'), { type: 'F16' })
      told = await transformers(folder)
    }, 240_000)
    afterAll(async () => {
      await engine.stop()
      await rm(folder, { recursive: true, force: true })
    })

    test.each(['F32', 'F16'])('answers as the model of the project does, in %s', async (type) => {
      expect(told.plain.length).toBeGreaterThanOrEqual(20)
      expect(told.plain.filter(({ tokens }) => tokens.length > 1).length).toBeGreaterThan(10)
      expect(await llama(engine, `${type}.gguf`)).toEqual(told.plain)
    })

    test.each([
      ['an adapter', 'lora'],
      ['a rank-stabilised adapter', 'stabilised'],
    ] as const)('answers as %s over all weights does', async (_, name) => {
      const adapter = join(folder, `${name}.adapter`)
      await convertLora(base, join(folder, name), adapter)
      const tuned = told[name]
      const changed = tuned.filter((answer, i) => answer.tokens.join() !== told.plain[i]?.tokens.join())
      expect(changed.length).toBeGreaterThan(prompts.length / 2)
      for (const type of ['F32', 'F16']) {
        await engine.addModel({ id: `tuned:${name}@${type}`, base: `${type}.gguf`, adapter })
        expect(await llama(engine, `tuned:${name}@${type}`)).toEqual(tuned)
      }
    })
  })

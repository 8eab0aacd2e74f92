import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import { type Question, questions, type Task, tasks } from './prompts.ts'
import type { Language } from './words.ts'

/**
 * Measures the prompts that docs/models.md recommends, through a real worker: exact answers with Wilson's 95 % interval.
 * node tests/bench/tiny/measure.ts [--count 300] [--seed 1] [--model local:tiny] [--wrong]
 */
const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', default: 'local:tiny' },
    wrong: { type: 'boolean', default: false },
  },
})

const wilson = (right: number, n: number, z = 1.96): [number, number] => {
  const centre = right / n + (z * z) / (2 * n)
  const spread = z * Math.sqrt(((right / n) * (1 - right / n)) / n + (z * z) / (4 * n * n))
  return [(centre - spread) / (1 + (z * z) / n), (centre + spread) / (1 + (z * z) / n)]
}
const percent = (share: number) => String(Math.round(share * 1_000) / 10)

const folder = await mkdtemp(join(tmpdir(), 'patchbay-measure-'))
const worker = createLocalWorker({ models: folder })
const { url, model, token } = await worker.endpoint(options.model, AbortSignal.timeout(60_000))

const ask = async ({ prompt }: Question): Promise<string> => {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, temperature: 0, max_tokens: 128, messages: [{ role: 'user', content: prompt }] }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer.choices[0].message.content
}

const cell = async (task: Task, language: Language): Promise<string> => {
  const asked = questions(task, language, Number(options.count), Number(options.seed))
  let right = 0
  for (const question of asked) {
    const answer = await ask(question)
    if (answer === question.answer) right += 1
    else if (options.wrong) console.error(JSON.stringify([question.prompt, question.answer, answer]))
  }
  const [low, high] = wilson(right, asked.length)
  return `${percent(right / asked.length)} [${percent(low)}–${percent(high)}]`
}

console.log(`| ${options.model}, n = ${options.count} a cell, seed ${options.seed} | English | Korean |\n|-|-|-|`)
for (const task of tasks) console.log(`| ${task.title} | ${await cell(task, 'en')} | ${await cell(task, 'ko')} |`)
await worker.stop()
await rm(folder, { recursive: true })

import { parseArgs } from 'node:util'
import { startAnswering } from './answering.ts'
import { accuracy } from './held-out.ts'
import { questions, type Task, tasks } from './prompts.ts'
import type { Language } from './words.ts'

/**
 * Measures the prompts that docs/models.md recommends, through a real worker: exact answers with Wilson's 95 % interval.
 * node tests/bench/tiny/measure.ts [--count 300] [--seed 1] [--model local:tiny | FILE.gguf] [--wrong]
 */
const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', default: 'local:tiny' },
    wrong: { type: 'boolean', default: false },
  },
})

const { ask, stop } = await startAnswering(options.model)

const cell = async (task: Task, language: Language): Promise<string> => {
  const asked = questions(task, language, Number(options.count), Number(options.seed))
  let right = 0
  for (const question of asked) {
    const answer = await ask(question.prompt)
    if (answer === question.answer) right += 1
    else if (options.wrong) console.error(JSON.stringify([question.prompt, question.answer, answer]))
  }
  return accuracy(right, asked.length)
}

console.log(`| ${options.model}, n = ${options.count} a cell, seed ${options.seed} | English | Korean |\n|-|-|-|`)
for (const task of tasks) console.log(`| ${task.title} | ${await cell(task, 'en')} | ${await cell(task, 'ko')} |`)
await stop()

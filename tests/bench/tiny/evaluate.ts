import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { startAnswering } from './answering.ts'
import { type Cells, count, parseQuestions, table } from './held-out.ts'

/**
 * Answers the trainer's held-out questions through a real worker: exact answers with Wilson's 95 % interval, as Markdown.
 * node tests/bench/tiny/evaluate.ts --questions FILE.jsonl [--model FILE.gguf | local:tiny] [--wrong]
 */
const { values: options } = parseArgs({
  options: {
    questions: { type: 'string' },
    model: { type: 'string', default: 'local:tiny' },
    wrong: { type: 'boolean', default: false },
  },
})
if (!options.questions) throw new Error('Give --questions FILE.jsonl; `python -m tiny.questions` writes one.')

const asked = parseQuestions(await readFile(options.questions, 'utf8'))
const { ask, stop } = await startAnswering(options.model)
const cells: Cells = new Map()
try {
  for (const question of asked) {
    const answer = await ask(question.prompt)
    count(cells, question, answer === question.answer)
    if (options.wrong && answer !== question.answer)
      console.error(JSON.stringify([question.task, question.prompt, question.answer, answer]))
  }
} finally {
  await stop()
}
console.log(table(basename(options.model), cells))

import { z } from 'zod'
import { accuracy } from './wilson.ts'

/** A line of what `python -m tiny.questions` writes. */
const heldOutQuestion = z.strictObject({
  task: z.string(),
  language: z.enum(['en', 'ko']),
  wording: z.enum(['new', 'known']),
  prompt: z.string(),
  answer: z.string(),
})
export type HeldOutQuestion = z.infer<typeof heldOutQuestion>

export const parseQuestions = (lines: string): HeldOutQuestion[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => heldOutQuestion.parse(JSON.parse(line)))

const columns = [
  ['en', 'new', 'English, new wordings'],
  ['en', 'known', 'English, known'],
  ['ko', 'new', 'Korean, new wordings'],
  ['ko', 'known', 'Korean, known'],
] as const

type Column = Pick<HeldOutQuestion, 'language' | 'wording'>
const keyOf = ({ language, wording }: Column) => `${language} ${wording}`

/** What was right of what was asked, by task and by column. */
export type Cells = Map<string, Map<string, { right: number; n: number }>>

export const count = (cells: Cells, question: HeldOutQuestion, right: boolean): void => {
  const row = cells.get(question.task) ?? new Map<string, { right: number; n: number }>()
  const cell = row.get(keyOf(question)) ?? { right: 0, n: 0 }
  row.set(keyOf(question), { right: cell.right + Number(right), n: cell.n + 1 })
  cells.set(question.task, row)
}

/** The Markdown table of tiny.md, with the number of questions in every row. What was not asked stays empty. */
export const table = (title: string, cells: Cells): string => {
  const head = `| ${[title, 'n a cell', ...columns.map(([, , name]) => name)].join(' | ')} |\n|${'-|'.repeat(columns.length + 2)}`
  const rows = [...cells].map(([task, row]) => {
    const found = columns.map(([language, wording]) => row.get(keyOf({ language, wording })))
    const sizes = [...new Set(found.flatMap((cell) => (cell ? [cell.n] : [])))].toSorted((a, b) => a - b)
    return `| ${[task, sizes.join('–'), ...found.map((cell) => (cell ? accuracy(cell.right, cell.n) : ''))].join(' | ')} |`
  })
  return [head, ...rows].join('\n')
}

import { z } from 'zod'
import { wilson } from '#nodes/lib/interval.ts'

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

const percent = (share: number) => String(Math.round(share * 1_000) / 10)

/** A cell of a table, in percent, with its 95 % interval: `98.5 [97.1–99.3]`. */
export const accuracy = (right: number, n: number): string => {
  const { low, high } = wilson(right, n)
  return `${percent(right / n)} [${percent(low)}–${percent(high)}]`
}

const columns = [
  ['en', 'new', 'English, new wordings'],
  ['en', 'known', 'English, known'],
  ['ko', 'new', 'Korean, new wordings'],
  ['ko', 'known', 'Korean, known'],
] as const

type Column = Pick<HeldOutQuestion, 'language' | 'wording'>
const keyOf = ({ language, wording }: Column) => `${language} ${wording}`

type Cell = { right: number; n: number }
/** What was right of what was asked, by task and by column. */
export type Cells = Map<string, Map<string, Cell>>

export const count = (cells: Cells, question: HeldOutQuestion, right: boolean): void => {
  const row = cells.get(question.task) ?? new Map<string, Cell>()
  const cell = row.get(keyOf(question)) ?? { right: 0, n: 0 }
  row.set(keyOf(question), { right: cell.right + Number(right), n: cell.n + 1 })
  cells.set(question.task, row)
}

/** All that a task was asked in wordings that are new to it. */
const newWordings = (row: ReadonlyMap<string, Cell>): Cell | undefined => {
  const both = columns.flatMap(([language, wording]) =>
    wording === 'new' ? (row.get(keyOf({ language, wording })) ?? []) : [],
  )
  return both.length === 0
    ? undefined
    : both.reduce((sum, { right, n }) => ({ right: sum.right + right, n: sum.n + n }), { right: 0, n: 0 })
}

/** The Markdown table of tiny.md, with the number of questions in every row. What was not asked stays empty. */
export const table = (title: string, cells: Cells): string => {
  const head = `| ${[title, 'n a cell', 'new wordings, both', ...columns.map(([, , name]) => name)].join(' | ')} |\n|${'-|'.repeat(columns.length + 3)}`
  const rows = [...cells].map(([task, row]) => {
    const found = columns.map(([language, wording]) => row.get(keyOf({ language, wording })))
    const sizes = [...new Set(found.flatMap((cell) => (cell ? [cell.n] : [])))].toSorted((a, b) => a - b)
    return `| ${[task, sizes.join('–'), ...[newWordings(row), ...found].map((cell) => (cell ? accuracy(cell.right, cell.n) : ''))].join(' | ')} |`
  })
  return [head, ...rows].join('\n')
}

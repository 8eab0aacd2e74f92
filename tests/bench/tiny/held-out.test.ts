import { expect, it } from 'vitest'
import { type Cells, count, type HeldOutQuestion, parseQuestions, table } from './held-out.ts'

const question: HeldOutQuestion = {
  task: 'copy',
  language: 'en',
  wording: 'new',
  prompt: 'Repeat: 램프',
  answer: '램프',
}

it('reads one question a line and refuses a line of another shape', () => {
  const line = JSON.stringify(question)
  expect(parseQuestions(`${line}\n${line}\n`)).toEqual([question, question])
  expect(() => parseQuestions(JSON.stringify({ ...question, wording: 'old' }))).toThrow(/wording/)
})

it('counts each cell apart and leaves what was not asked empty', () => {
  const cells: Cells = new Map()
  for (const right of [true, true, false, true]) count(cells, question, right)
  count(cells, { ...question, language: 'ko', wording: 'known' }, false)
  expect(table('x.gguf', cells).split('\n').at(-1)).toBe(
    '| copy | 1–4 | 75 [30.1–95.4] | 75 [30.1–95.4] |  |  | 0 [0–79.3] |',
  )
})

it('adds up what both languages were asked in new wordings', () => {
  const cells: Cells = new Map()
  for (const language of ['en', 'ko'] as const)
    for (const right of [true, true, language === 'en', true]) count(cells, { ...question, language }, right)
  count(cells, { ...question, wording: 'known' }, false)
  expect(table('x.gguf', cells).split('\n').at(-1)).toContain('| copy | 1–4 | 87.5 [52.9–97.8] | 100 [51–100] |')
})

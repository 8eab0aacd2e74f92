import { expect, it } from 'vitest'
import { type Cells, count, type HeldOutQuestion, parseQuestions, table } from './held-out.ts'
import { wilson } from './wilson.ts'

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
  expect(table('x.gguf', cells).split('\n').at(-1)).toBe('| copy | 1–4 | 75 [30.1–95.4] |  |  | 0 [0–79.3] |')
})

it("gives Wilson's interval: the shares whose score test just accepts what was seen", () => {
  for (const [right, n] of [
    [45, 50],
    [1, 300],
    [10, 10],
    [0, 7],
  ] as const)
    for (const bound of wilson(right, n))
      expect((right / n - bound) ** 2).toBeCloseTo((1.96 ** 2 * bound * (1 - bound)) / n, 12)
  const [low, high] = wilson(45, 50)
  expect([low < 0.9, high > 0.9]).toEqual([true, true])
})

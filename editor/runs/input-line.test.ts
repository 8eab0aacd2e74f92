import { expect, it } from 'vitest'
import { inputLine } from './input-line.ts'

it.each([
  [{ ticket: 'I was charged\n  twice.' }, 'I was charged twice.'],
  [{ question: 'Why?', size: 3 }, 'Why? · 3'],
  [
    {
      chat: [
        { role: 'user', content: 'Hi' },
        { role: 'user', content: 'And now?' },
      ],
    },
    'And now?',
  ],
  [{ passages: [{ text: 'A clause' }], other: { a: 1 }, none: null, blank: ' ' }, 'A clause'],
  [{}, ''],
])('says %j in one line', (input, line) => {
  expect(inputLine(input)).toBe(line)
})

it('cuts after 80 letters, never through one', () => {
  expect(inputLine({ a: '🎛'.repeat(90) })).toBe(`${'🎛'.repeat(80)}…`)
  expect(inputLine({ a: 'x'.repeat(1_000_000) })).toHaveLength(81)
})

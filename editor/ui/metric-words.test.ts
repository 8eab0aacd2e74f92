import { expect, it } from 'vitest'
import { metricName, metricValue, noteWords } from './metric-words.ts'

const t = (key: string) =>
  key === 'ui.metric-tokens-per-second' ? 'Tokens per second' : key === 'ui.note-queued' ? 'Waits' : key

it('names the metrics that it knows, and leaves others their own name', () => {
  expect(metricName('tokensPerSecond', t)).toBe('Tokens per second')
  expect(metricName('gradientNorm', t)).toBe('gradientNorm')
  expect(noteWords('queued', t)).toBe('Waits')
  expect(noteWords('step 3 of 9', t)).toBe('step 3 of 9')
})
it.each([
  [90, '90'],
  [1234.56, '1235'],
  [0.97956, '0.980'],
  [0.0000465, '0.000046'],
])('writes %d with as many digits as tell something', (value, text) => {
  expect(metricValue(value)).toBe(text)
})

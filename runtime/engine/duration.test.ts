import { expect, it } from 'vitest'
import { milliseconds } from './duration.ts'

it.each([
  ['250ms', 250],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['1h', 3_600_000],
])('%s is %i milliseconds', (duration, ms) => expect(milliseconds(duration)).toBe(ms))

it.each(['', '5', 's', '5 s', '-1s', '1d'])('"%s" is no duration', (text) => {
  expect(() => milliseconds(text)).toThrow('is not a duration')
})

import { expect, it } from 'vitest'
import { bytes, compact, duration, relativeTime } from './format.ts'

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [8_840, '8.8 s'],
  [59_949, '59.9 s'],
  [59_951, '1:00'],
  [69_000, '1:09'],
  [7_500_000, '2:05:00'],
])('writes a duration of %d ms as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

it.each([
  [999, '999'],
  [31_240, '31.2k'],
  [999_960, '1.0M'],
])('shortens %d to %s', (count, text) => {
  expect(compact(count)).toBe(text)
})

it('writes bytes in the unit that fits', () => {
  expect([0, 512, 3_400, 1_200_000].map(bytes)).toEqual(['0 B', '512 B', '3.4 kB', '1.2 MB'])
})

it('tells how long ago in both languages', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  expect(relativeTime('2026-11-23T11:59:40Z', 'en', now)).toBe('now')
  expect(relativeTime('2026-11-23T11:57:00Z', 'ko', now)).toBe('3분 전')
  expect(relativeTime('2026-11-22T11:57:00Z', 'en', now)).toBe('yesterday')
})

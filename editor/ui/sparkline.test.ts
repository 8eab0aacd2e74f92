import { expect, it } from 'vitest'
import { linePoints } from './sparkline.tsx'

it('spreads values over the box, the highest on top', () => {
  expect(linePoints([2, 1, 0], 80, 20)).toBe('0,0 40,10 80,20')
})
it('draws what does not change in the middle, and skips what is no number', () => {
  expect(linePoints([3, Number.NaN, 3], 80, 20)).toBe('0,10 80,10')
  expect(linePoints([], 80, 20)).toBe('')
})

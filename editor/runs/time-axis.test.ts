import { expect, it } from 'vitest'
import { quantile, stretch, timeAxis } from './time-axis.ts'

it.each([
  [0.4, ['0', '1 ms']],
  [38, ['0', '10 ms', '20', '30']],
  [3_300, ['0', '0.5 s', '1', '1.5', '2', '2.5', '3']],
  [8_800, ['0', '2 s', '4', '6', '8']],
  [69_000, ['0', '10 s', '20', '30', '40', '50', '60']],
  [400_000, ['0', '1 min', '2', '3', '4', '5', '6']],
  [9_000_000, ['0', '30 min', '1:00', '1:30', '2:00', '2:30']],
])('marks %d ms in round steps', (total, labels) => {
  expect(timeAxis(total).ticks.map((tick) => tick.label)).toEqual(labels)
})

it('never has more than eight marks, up to weeks', () => {
  for (let total = 1; total < 3e9; total = Math.ceil(total * 1.7))
    expect(timeAxis(total).ticks.length).toBeLessThanOrEqual(8)
})

it('keeps bars on the axis, also those whose clock ran ahead', () => {
  const axis = timeAxis(1_000)
  expect(stretch(250, 750, axis)).toEqual({ left: '25.000%', width: '50.000%' })
  expect(stretch(-20, 2_000, axis)).toEqual({ left: '0.000%', width: '100.000%' })
})

it('finds quantiles among sorted numbers', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2)
  expect(quantile([1, 2, 3, 4], 0.95)).toBe(4)
  expect(quantile([], 0.5)).toBe(0)
})

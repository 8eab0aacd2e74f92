import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootstrap, histogram, intervalOf, mostResampled, normal, quantile, seededRandom, wilson } from './interval.ts'

describe('wilson', () => {
  // Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is %f to %f', (passed, n, low, high) => {
    expect(wilson(passed, n).low).toBeCloseTo(low, 4)
    expect(wilson(passed, n).high).toBeCloseTo(high, 4)
  })

  it('mirrors failures, holds the share and stays between 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const passed = Math.round(n * share)
        const { low, high } = wilson(passed, n)
        const mirror = wilson(n - passed, n)
        expect(low).toBeCloseTo(1 - mirror.high, 9)
        expect(low).toBeLessThanOrEqual(passed / n)
        expect(high).toBeGreaterThanOrEqual(passed / n)
        expect(Math.min(low, 1 - high)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('bootstrap', () => {
  const sample = (n: number, seed: number) => Float64Array.from({ length: n }, seededRandom(seed))

  it('gives the same interval for the same scores', () => {
    expect(bootstrap(sample(40, 7))).toEqual(bootstrap(sample(40, 7)))
    expect(bootstrap(sample(40, 7))).not.toEqual(bootstrap(sample(40, 8)))
  })

  it('holds the true mean in about 95 of 100 samples', () => {
    const held = Array.from({ length: 400 }, (_, seed) => bootstrap(sample(50, seed + 100), 500, seed)).filter(
      ({ low, high }) => low <= 0.5 && 0.5 <= high,
    )
    expect(held.length / 400).toBeGreaterThan(0.92)
    expect(held.length / 400).toBeLessThan(0.98)
  })

  it('agrees with the normal interval where that takes over', () => {
    const scores = sample(mostResampled, 3)
    const [resampled, computed] = [bootstrap(scores), normal(scores)]
    expect(Math.abs(resampled.low - computed.low)).toBeLessThan(5e-4)
    expect(Math.abs(resampled.high - computed.high)).toBeLessThan(5e-4)
  })
})

describe('intervalOf', () => {
  it.each([
    [[], 'none'],
    [[0.5], 'none'],
    [[1], 'wilson'],
    [[0, 1, 1], 'wilson'],
    [[0, 1, 0.5], 'bootstrap'],
    [Array(mostResampled + 1).fill(0.5), 'normal'],
  ])('of scores %# is made by %s', (scores, method) => {
    expect(intervalOf(Float64Array.from(scores)).method).toBe(method)
  })

  it('knows nothing from one half-right answer', () => {
    expect(intervalOf(Float64Array.of(0.5))).toEqual({ low: 0, high: 1, method: 'none' })
  })
})

describe('quantile', () => {
  // R: quantile(c(1, 2, 3, 4, 10), c(0, .25, .5, .9, 1))
  it.each([
    [0, 1],
    [0.25, 2],
    [0.5, 3],
    [0.9, 7.6],
    [1, 10],
  ])('%f of five numbers is %f', (share, value) => expect(quantile([1, 2, 3, 4, 10], share)).toBeCloseTo(value, 12))
})

describe('histogram', () => {
  it('puts borders into the bin above and 1 into the last', () => {
    expect(histogram([0, 0.1, 0.3, 0.30000000000000004, 0.7, 0.99, 1])).toEqual([1, 1, 0, 2, 0, 0, 0, 1, 0, 2])
  })
})

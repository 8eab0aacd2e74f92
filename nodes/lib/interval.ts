import type { Report } from '../ports.ts'

/** 97.5 % point of the standard normal distribution, for 95 % intervals. */
const z = 1.959963984540054

export type Interval = Pick<Report, 'low' | 'high' | 'method'>

/**
 * 95 % score interval of a share. Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209–212; recommended for any n by Brown, Cai
 * and DasGupta (2001), Stat. Sci. 16, 101–133. Without continuity correction.
 * @example wilson(81, 263) // low 0.2553, high 0.3662 (Newcombe 1998, Stat. Med. 17, 857–872, table I)
 */
export const wilson = (passed: number, n: number): Interval => {
  const share = passed / n
  const centre = share + z ** 2 / (2 * n)
  const spread = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  const whole = 1 + z ** 2 / n
  // Exact at the ends, where rounding leaves 1e-17.
  const low = passed === 0 ? 0 : (centre - spread) / whole
  const high = passed === n ? 1 : (centre + spread) / whole
  return { low, high, method: 'wilson' }
}

/** mulberry32 (Tommy Ettinger, public domain): small, seeded, good enough to draw with; never for secrets. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number
  return sum / values.length
}

/** Quantile by linear interpolation of a sorted list (Hyndman and Fan 1996, type 7: the default of R and NumPy). */
export const quantile = (sorted: ArrayLike<number>, share: number): number => {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] as number
  const above = sorted[Math.ceil(at)] as number
  return below + (above - below) * (at - Math.floor(at))
}

/**
 * 95 % percentile bootstrap interval of the mean. Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 13. The
 * seed makes a report of the same scores the same report.
 */
export const bootstrap = (values: Float64Array, resamples = 2_000, seed = 1): Interval => {
  const random = seededRandom(seed)
  const n = values.length
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0
    for (let i = 0; i < n; i += 1) sum += values[Math.floor(random() * n)] as number
    return sum / n
  }).sort()
  return { low: quantile(means, 0.025), high: quantile(means, 0.975), method: 'bootstrap' }
}

/** Mean ± 1.96 standard errors: what the bootstrap tends to as n grows (central limit theorem). */
export const normal = (values: Float64Array): Interval => {
  const mean = meanOf(values)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  const spread = z * Math.sqrt(squares / (values.length - 1) / values.length)
  return { low: Math.max(0, mean - spread), high: Math.min(1, mean + spread), method: 'normal' }
}

/** Above this many scores resampling costs seconds and changes nothing: at 20,000 both intervals agree to 1e-4. */
export const mostResampled = 20_000

/** The 95 % interval of the mean of scores between 0 and 1, by the method that suits them. */
export const intervalOf = (values: Float64Array): Interval => {
  if (values.length === 0) return { low: 0, high: 1, method: 'none' }
  if (values.every((value) => value === 0 || value === 1))
    return wilson(values.filter((value) => value === 1).length, values.length)
  // One value that is neither 0 nor 1 says nothing about spread.
  if (values.length === 1) return { low: 0, high: 1, method: 'none' }
  return values.length > mostResampled ? normal(values) : bootstrap(values)
}

/** Counts in 10 equal bins from 0 to 1; a value on a border belongs to the bin above it, 1 to the last. */
export const histogram = (values: ArrayLike<number>): number[] => {
  const bins = Array<number>(10).fill(0)
  for (let i = 0; i < values.length; i += 1) {
    const bin = Math.min(9, Math.floor((values[i] as number) * 10 + 1e-9))
    bins[bin] = (bins[bin] as number) + 1
  }
  return bins
}

import type { Effect } from '#nodes/define.ts'
import { NodeError, type Retry } from '#nodes/errors.ts'

/** How often a step is tried and how long it waits in between, in milliseconds. */
export type RetryRule = { attempts: number; first: number; most: number }

const usual: RetryRule = { attempts: 4, first: 500, most: 30_000 }

/** The rule of a node without one of its own: pure steps fail the same way twice, so they are not retried. */
export const retryByEffect = (effect: Effect): RetryRule => (effect === 'pure' ? { ...usual, attempts: 1 } : usual)

/** Unknown errors may pass (a connection reset has no code of ours); a NodeError says itself. */
const wishOf = (error: unknown): Retry => (error instanceof NodeError ? error.retry : 'later')

/**
 * Milliseconds until the next attempt, or undefined when there is none. Half of the delay is random, so that steps which
 * failed together do not return together. `random` is in [0, 1).
 */
export const delayBefore = (
  rule: RetryRule,
  attempt: number,
  error: unknown,
  random: () => number,
): number | undefined => {
  const wish = wishOf(error)
  if (wish === 'never' || attempt >= rule.attempts) return undefined
  if (wish !== 'later') return Math.max(0, wish.after)
  const whole = Math.min(rule.most, rule.first * 2 ** (attempt - 1))
  return whole / 2 + (whole / 2) * random()
}

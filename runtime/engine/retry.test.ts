import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NodeError } from '#nodes/errors.ts'
import { delayBefore, retryByEffect } from './retry.ts'

const rule = { attempts: 4, first: 500, most: 30_000 }
const later = new NodeError('busy', 'Busy.', { retry: 'later' })

describe('The wait before the next attempt', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
  ])('after attempt %i is at most %i ms', (attempt, most) => {
    expect(delayBefore(rule, attempt, later, () => 0)).toBe(most / 2)
    expect(delayBefore(rule, attempt, later, () => 0.999_999)).toBeCloseTo(most, 1)
  })

  it('never exceeds the most, and does not come after the last attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const delay = delayBefore({ ...rule, attempts: 50 }, attempt, later, () => random)
          if (attempt >= 50) expect(delay).toBeUndefined()
          else expect(delay).toBeLessThanOrEqual(rule.most)
        },
      ),
    )
  })

  it('is what the error asks for, or none if the error says never', () => {
    expect(delayBefore(rule, 1, new NodeError('x', 'x', { retry: { after: 90_000 } }), () => 0)).toBe(90_000)
    expect(delayBefore(rule, 1, new NodeError('x', 'x', { retry: 'never' }), () => 0)).toBeUndefined()
  })

  it('is given to unknown errors of steps that reach outside, not to pure ones', () => {
    expect(delayBefore(retryByEffect('reads'), 1, new Error('reset'), () => 0)).toBe(250)
    expect(delayBefore(retryByEffect('writes'), 1, new Error('reset'), () => 0)).toBe(250)
    expect(delayBefore(retryByEffect('pure'), 1, new Error('bug'), () => 0)).toBeUndefined()
  })
})

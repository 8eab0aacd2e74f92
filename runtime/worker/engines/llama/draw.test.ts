import { describe, expect, test } from 'vitest'
import { draw, randomNumbers } from './draw.ts'

const chances = new Map([
  ['a', 0.6],
  ['b', 0.3],
  ['c', 0.1],
])
const shares = (options: { temperature: number; topP?: number }) => {
  const random = randomNumbers(7)
  const counts: Record<string, number> = { a: 0, b: 0, c: 0 }
  for (let i = 0; i < 20_000; i += 1) {
    const key = draw(chances, options, random)
    counts[key] = (counts[key] ?? 0) + 1 / 20_000
  }
  return counts
}

describe('a drawn token', () => {
  test('comes as often as the model says at temperature 1', () => {
    const { a, b, c } = shares({ temperature: 1 })
    expect(a).toBeCloseTo(0.6, 1)
    expect(b).toBeCloseTo(0.3, 1)
    expect(c).toBeCloseTo(0.1, 1)
  })
  test('is always the likeliest at temperature 0, and nearly always at a low one', () => {
    expect(shares({ temperature: 0 })).toEqual({ a: expect.closeTo(1), b: 0, c: 0 })
    expect(shares({ temperature: 0.01 })['a']).toBeCloseTo(1)
  })
  test('comes as often as its root at temperature 2', () => {
    const roots = [0.6, 0.3, 0.1].map(Math.sqrt)
    const sum = roots.reduce((all, root) => all + root, 0)
    expect(shares({ temperature: 2 })['c']).toBeCloseTo((roots[2] ?? 0) / sum, 1)
  })
  test('is one of the likeliest that together reach topP', () => {
    expect(shares({ temperature: 1, topP: 0.8 })['c']).toBe(0)
    expect(shares({ temperature: 1, topP: 0.1 })['a']).toBeCloseTo(1)
  })
  test('is the same for the same seed', () => {
    const first = Array.from({ length: 5 }, randomNumbers(3))
    expect(Array.from({ length: 5 }, randomNumbers(3))).toEqual(first)
    expect(Array.from({ length: 5 }, randomNumbers(4))).not.toEqual(first)
  })
})

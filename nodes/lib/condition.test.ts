import { describe, expect, it } from 'vitest'
import type { Kind } from '../ports.ts'
import { condition, meets } from './condition.ts'

const cases: [unknown, Kind, Record<string, unknown>, boolean][] = [
  ['Bug\n', 'text', { equals: 'bug' }, true],
  ['bugs', 'text', { equals: 'bug' }, false],
  ['휴가'.normalize('NFD'), 'text', { equals: '휴가' }, true],
  [3, 'number', { equals: 3 }, true],
  [3, 'number', { equals: '3' }, true],
  ['3', 'text', { equals: 3 }, true],
  [true, 'boolean', { equals: 'true' }, true],
  [{ a: [1, { b: 2 }] }, 'json', { equals: { a: [1, { b: 2 }] } }, true],
  [{ a: 1, b: 2 }, 'json', { equals: { b: 2, a: 1 } }, true],
  [null, 'json', { equals: null }, true],
  ['I want a REFUND', 'text', { contains: 'refund' }, true],
  [{ role: 'assistant', content: 'refund' }, 'message', { equals: 'refund' }, true],
  [{ role: 'assistant', content: 'refund' }, 'message', { contains: 'assistant' }, false],
  [{ role: 'assistant', content: 'order KR-7' }, 'message', { matches: '^order' }, true],
  [['red', 'green'], 'json', { contains: 'green' }, true],
  ['order KR-2041', 'text', { matches: '[A-Z]{2}-\\d+' }, true],
  ['환불해 주세요'.normalize('NFD'), 'text', { matches: '환불|취소' }, true],
  ['환불해 주세요', 'text', { matches: '환불|취소'.normalize('NFD') }, true],
  ['a\nb', 'text', { matches: 'a$' }, false],
  [7, 'number', { above: 6.5 }, true],
  [7, 'number', { above: 3, below: 7 }, false],
  ['7.5', 'text', { below: 8 }, true],
  ['soon', 'text', { below: 8 }, false],
  ['', 'text', { below: 8 }, false],
  [{ items: [{ n: 5 }] }, 'json', { at: 'items.0.n', above: 4 }, true],
  [{ items: [] }, 'json', { at: 'items.0.n', above: 4 }, false],
  [{}, 'json', { at: 'constructor', contains: 'Object' }, false],
  [undefined, 'any', { equals: 'x' }, false],
]

describe('meets', () => {
  it.each(cases)('%j (%s) %j: %s', (value, kind, asked, expected) => {
    expect(meets(value, kind, condition.parse(asked), true)).toBe(expected)
  })

  it('minds upper and lower case when told to', () => {
    for (const asked of [{ equals: 'bug' }, { contains: 'bug' }, { matches: 'bug' }]) {
      expect(meets('Bug', 'text', asked, false)).toBe(false)
      expect(meets('Bug', 'text', asked, true)).toBe(true)
    }
  })
})

describe('condition', () => {
  it.each([{}, { at: 'a' }, { equal: 'x' }, { above: 'x' }])('%j asks nothing that can be met', (asked) => {
    expect(condition.safeParse(asked).success).toBe(false)
  })
})

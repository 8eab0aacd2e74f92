import { describe, expect, it } from 'vitest'
import { freeName, moveBy, nameProblem, removeAt, renameAt, setAt } from './record-rows.ts'

const rows = [
  ['question', 'text'],
  ['count', 'number'],
] as const

describe('rows of a record', () => {
  it('keeps the place of a renamed or changed row', () => {
    expect(renameAt(rows, 0, 'ask')).toEqual([
      ['ask', 'text'],
      ['count', 'number'],
    ])
    expect(setAt(rows, 1, 'json')[1]).toEqual(['count', 'json'])
  })
  it('moves a row by one and never out of the list', () => {
    expect(moveBy(rows, 1, -1).map(([name]) => name)).toEqual(['count', 'question'])
    expect(moveBy(rows, 1, 1)).toBe(rows)
    expect(removeAt(rows, 0)).toEqual([['count', 'number']])
  })
  it('finds a free name and says what is wrong with a typed one', () => {
    expect(freeName(rows, 'count')).toBe('count-2')
    expect(nameProblem(rows, 0, 'count')).toBe('taken')
    expect(nameProblem(rows, 0, '두 단어')).toBe('shape')
    expect(nameProblem(rows, 0, '질문')).toBeUndefined()
  })
})

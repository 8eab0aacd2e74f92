import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from './find-json.ts'

const prose = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '"', '답', '.', '}', ']', '`') })

describe('readJson', () => {
  it('finds any object or list in any prose', () => {
    const values = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))
    fc.assert(
      fc.property(values, prose, prose, fc.constantFrom(0, 2), (value, before, after, indent) => {
        const text = JSON.stringify(value, null, indent)
        // Between two quotation marks it is a text, and that is read first.
        fc.pre(!(before.trim().startsWith('"') && after.trim().endsWith('"')))
        expect(readJson(`${before}${text}${after}`, true)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['42', 42],
    ['"text"', 'text'],
    [' null ', null],
    ['[1, 2] and {"a": 1}', [1, 2]],
    ['As in [1], the answer is {"a": "}"}', [1]],
    ['Use {braces} like so: {"a": "\\"}"}', { a: '"}' }],
    ['```json\n{"팀": "청구"}\n```', { 팀: '청구' }],
  ])('reads %s', (text, value) => expect(readJson(text, true)).toEqual(value))

  it.each([
    ['{"team": "bil', true, /line 1, column 14\. Ask/],
    ['Sure:\n{"a": 1,}', true, /line 2, column 9/],
    ['{"a": 1} thanks', false, /line 1, column 10/],
    ['no json at all', true, /holds no whole JSON value/],
    ['  ', true, /The text is empty\. Ask/],
  ])('says where %j breaks', (text, repair, told) => {
    expect(() => readJson(text, repair)).toThrow(expect.objectContaining({ code: 'json-invalid' }))
    expect(() => readJson(text, repair)).toThrow(told)
  })

  it('does not take quadratic time over prose full of brackets', () => {
    const start = performance.now()
    expect(() => readJson('[{ '.repeat(200_000), true)).toThrow()
    // Quadratic time would be minutes; a busy machine has needed 5 s.
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})

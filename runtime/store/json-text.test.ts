import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdsUnstorable, readJsonText, writeJsonText } from './json-text.ts'

const awkward = fc.string({
  unit: fc.constantFrom('a', '\\', 'u', '0', '\u0000', '\uE000', 'e000', '\ud83d', '\ude00', '"', '😀'),
})

test('JSON text reads back as the value that was written, whatever characters it holds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), awkward, (value, text) => {
      const whole = { [text]: text, value }
      expect(JSON.stringify(readJsonText(writeJsonText(whole)))).toBe(JSON.stringify(whole))
    }),
  )
})

test('JSON text never holds an escape that PostgreSQL refuses', () => {
  fc.assert(
    fc.property(awkward, (text) => {
      const written = writeJsonText([text]).replaceAll('\\\\', '')
      expect(written).not.toMatch(/\\u0000|\\ud[89a-f]/)
    }),
  )
})

test.each([
  ['a\u0000b', true],
  ['\ud800', true],
  ['😀', false],
  ['\\u0000', false],
  ['\u0001', false],
])('finds NUL and lone surrogates: %j', (text, expected) => {
  expect(holdsUnstorable({ deep: [text] })).toBe(expected)
  expect(holdsUnstorable({ [text]: 1 })).toBe(expected)
})

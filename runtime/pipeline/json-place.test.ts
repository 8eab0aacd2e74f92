import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpuTime } from '#tests/support/cpu-time.ts'
import { brokenAt, lineAndColumn } from './json-place.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('brokenAt', () => {
  it('finds nothing wrong in JSON, however it is spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        expect(brokenAt(text)).toBe(text.length)
        expect(brokenAt(`${text} }`)).toBe(text.length + 1)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with JSON.parse on what is JSON: only a text read to its end can be', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.',
      'e',
      '0',
      'true',
      'null',
      'x',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        if (isJson(text)) expect(brokenAt(text)).toBe(text.length)
        else if (brokenAt(text) === text.length) expect(isJson(`${text}x`)).toBe(false)
      }),
      { numRuns: 5_000 },
    )
  })

  it('stops no later than the first character that no text could continue', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value)
        const at = cut % (text.length + 1)
        const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`
        expect(brokenAt(broken)).toBeLessThanOrEqual(at)
      }),
    )
  })

  it.each(['['.repeat(4_900_000), '{"a":'.repeat(900_000), `"${'a'.repeat(4_900_000)}`, '1,'.repeat(2_400_000)])(
    'is quick on megabytes of %.8s…',
    (text) => {
      // Measured: at most 0.4 s.
      expect(cpuTime(() => brokenAt(text))).toBeLessThan(1_500)
    },
  )
})

describe('lineAndColumn', () => {
  it.each([
    ['abc', 0, 1, 1],
    ['abc', 2, 1, 3],
    ['a\nb', 2, 2, 1],
    ['a\r\n\nb', 4, 3, 1],
  ])('%j at %i', (text, offset, line, column) => expect(lineAndColumn(text, offset)).toEqual({ line, column }))
})

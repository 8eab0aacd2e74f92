import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NodeError } from '../errors.ts'
import { compilePattern, patternLimits } from './pattern.ts'

describe('compilePattern', () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(40)}!`],
    ['^(a|a)*$', `${'a'.repeat(40)}!`],
    ['(x+x+)+y', 'x'.repeat(40)],
    ['^([a-z]+\\s?)*$', `${'word '.repeat(10)}!!`.repeat(3)],
    ['(a|aa)(a|aa)'.repeat(20) + '!', 'a'.repeat(60)],
    ['.*.*.*.*=x', 'a'.repeat(20_000)],
  ])('stops /%s/ before it hangs the process', (source, text) => {
    const start = performance.now()
    expect(() => compilePattern(source).test(text)).toThrow(expect.objectContaining({ code: 'pattern-slow' }))
    expect(performance.now() - start).toBeLessThan(patternLimits.ms * 8)
  })

  it.each(['a?', '(a|)', '(?:|a)', 'a{0,1}', '[가-힣]?', '(?:a|bc)?'])(
    'refuses a long row of %s, which V8 could not even compile',
    (optional) => {
      const pattern = (n: number) => optional.repeat(n) + 'a'.repeat(n)
      expect(() => compilePattern(pattern(50))).toThrow(/more than 16 optional parts/)
      const start = performance.now()
      compilePattern(pattern(16)).test('b'.repeat(1_000))
      expect(performance.now() - start).toBeLessThan(patternLimits.ms * 8)
    },
  )

  it('finds what RegExp finds, with and without the watchdog', () => {
    const sources = fc.constantFrom('ref(und)?', '(?:ab)+c', '^a|b$', '[가-힣]{2,}', '\\d+\\s*일', 'x*y?', '(a)(b)\\2')
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', 'x', 'y', '휴', '가', '3', ' ', '일', 'ref', 'und', '\n'),
    })
    fc.assert(
      fc.property(sources, texts, fc.boolean(), (source, text, ignoreCase) => {
        expect(compilePattern(source, ignoreCase).test(text)).toBe(
          new RegExp(source, ignoreCase ? 'iu' : 'u').test(text),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('counts letters of two code units as one', () => {
    expect(compilePattern('^.$').test('🙂')).toBe(true)
  })

  it.each(['(', 'a**', '[z-a]', '(?<n>a)(?<n>b)'])('says why /%s/ cannot be read', (source) => {
    expect(() => compilePattern(source)).toThrow(NodeError)
    expect(() => compilePattern(source)).toThrow(/cannot be read: .+\. Correct it in the setup\.$/)
  })

  it('refuses texts and patterns that are too long', () => {
    expect(() => compilePattern('a').test('a'.repeat(patternLimits.text + 1))).toThrow(/at most 100000\. Shorten/)
    expect(() => compilePattern('a'.repeat(patternLimits.pattern + 1))).toThrow(/Shorten it/)
  })
})

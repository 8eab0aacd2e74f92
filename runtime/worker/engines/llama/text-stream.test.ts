import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTextStream } from './text-stream.ts'

/** One token a byte, as in the worst case of a byte-level tokenizer. */
const bytes = (text: string) => [...new TextEncoder().encode(text)]
const detokenize = (tokens: readonly number[]) => new TextDecoder().decode(new Uint8Array(tokens))

const run = (text: string, stops: readonly string[] = []) => {
  const stream = createTextStream(detokenize, stops)
  const parts: string[] = []
  for (const token of bytes(text)) {
    const { text: part, stopped } = stream.push(token)
    if (part) parts.push(part)
    if (stopped) return { parts, text: parts.join(''), stopped }
  }
  const rest = stream.flush()
  if (rest) parts.push(rest)
  return { parts, text: parts.join(''), stopped: false }
}

describe('a stream of text made of tokens', () => {
  test('sends whole characters only', () => {
    expect(run('안녕 👋').parts).toEqual(['안', '녕', ' ', '👋'])
  })

  test('ends before a stop text, even one that is spread over tokens', () => {
    expect(run('one\n\ntwo', ['\n\n'])).toMatchObject({ text: 'one', stopped: true })
    expect(run('값은 끝 아님', ['끝'])).toMatchObject({ text: '값은 ', stopped: true })
  })

  test('ends at the first of several stop texts', () => {
    expect(run('a;b,c', [',', ';'])).toMatchObject({ text: 'a', stopped: true })
  })

  test('holds back what may begin a stop text, and lets it go when it does not', () => {
    expect(run('a\nb', ['\n\n'])).toMatchObject({ text: 'a\nb', stopped: false })
    expect(run('ends with \n', ['\n\n'])).toMatchObject({ text: 'ends with \n', stopped: false })
  })

  test('does not wait for ever for a character that never becomes whole', () => {
    const stream = createTextStream(detokenize, [])
    const sent = Array.from({ length: 9 }, () => stream.push(0xff).text).join('')
    expect(sent.length).toBeGreaterThan(0)
  })

  test('whatever the text and the stops, sends the text up to the first stop', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '가', '😀', '\n') }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '가', '\n'), minLength: 1, maxLength: 3 }), {
          maxLength: 3,
        }),
        (text, stops) => {
          // The stop whose last character comes first ends the stream; among those the earliest beginning cuts the text.
          const ends = stops
            .map((s) => text.indexOf(s))
            .flatMap((at, i) => (at < 0 ? [] : [at + (stops[i]?.length ?? 0)]))
          const end = Math.min(...ends)
          const cut = stops
            .map((s) => text.indexOf(s))
            .filter((at, i) => at >= 0 && at + (stops[i]?.length ?? 0) <= end)
          const expected = ends.length === 0 ? text : text.slice(0, Math.min(...cut))
          expect(run(text, stops).text).toBe(expected)
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkText, slicesOf } from './chunk.ts'

const part = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '# 휴가\n\n',
    '\n## Leave\n',
    '```\n# not a heading\n```\n\n',
    '\n\n',
    '\r\n',
    'ha ha ha ha ',
    '휴가는 ',
    '🙂🙂',
    '👨‍👩‍👧',
    '\n---\n\n',
    ' \t',
  ),
)
const texts = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''))
const splitters = fc
  .record({ size: fc.integer({ min: 50, max: 300 }), share: fc.double({ min: 0, max: 0.5, noNaN: true }) })
  .map(({ size, share }) => ({ size, overlap: Math.floor(size * share) }))

describe('slicesOf', () => {
  it('takes a long text apart between its letters, and loses none', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 60 }), (text, most) => {
        const slices = slicesOf(text, most)
        expect(slices.join('')).toBe(text)
        for (const slice of slices) {
          expect(slice.length).toBeLessThanOrEqual(most)
          if (text.isWellFormed()) expect(slice.isWellFormed()).toBe(true)
        }
      }),
    )
  })

  it('ends them after a paragraph where it can', () => {
    expect(slicesOf('one two\n\nthree\nfour five six', 14)).toEqual(['one two\n\n', 'three\nfour fiv', 'e six'])
  })
})

describe('chunkText', () => {
  it('places passages exactly, in order, within the size, and loses no letter', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.boolean(), splitters, async (text, markdown, splitter) => {
        const chunks = await chunkText(text, markdown, splitter)
        let reached = 0
        let before = -1
        for (const { start, end } of chunks) {
          expect(start).toBeGreaterThan(before)
          expect(end).toBeGreaterThan(reached)
          // A letter of two code units may be moved over the border whole.
          expect(end - start).toBeLessThanOrEqual(splitter.size + 1)
          expect(text.slice(reached, Math.max(reached, start)).trim()).toBe('')
          expect(reached - start).toBeLessThanOrEqual(splitter.overlap + 1)
          if (text.isWellFormed()) expect(text.slice(start, end).isWellFormed()).toBe(true)
          before = start
          reached = end
        }
        expect(text.slice(reached).trim()).toBe('')
      }),
      { numRuns: 300 },
    )
  })

  it('repeats the end of the passage before, from a word on', async () => {
    const text = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ')
    const [first, second] = await chunkText(text, false, { size: 100, overlap: 30 })
    if (!first || !second) throw new Error('Two passages are expected.')
    expect(second.start).toBeLessThan(first.end)
    expect(text.slice(second.start, second.end)).toMatch(/^word\d+ /)
  })

  it('never repeats a short passage whole', async () => {
    const text = `${'a'.repeat(12)}\n\n${'b'.repeat(45)}`
    const starts = (await chunkText(text, false, { size: 80, overlap: 30 })).map(({ start }) => start)
    expect(new Set(starts).size).toBe(starts.length)
    expect(starts.length).toBe(2)
  })

  it('finds its place in text that repeats itself', async () => {
    const text = 'ha '.repeat(500)
    const chunks = await chunkText(text, false, { size: 60, overlap: 20 })
    expect(chunks.at(-1)?.end).toBe(text.trimEnd().length)
  })

  it('tells the headings that a passage stands under, and none from code', async () => {
    const text =
      '# Handbook\n\n## Leave\n\n15 days of leave a year.\n\n```sh\n# not this\n```\n\n## Security\n\nLock your screen when you leave your desk.'
    const chunks = await chunkText(text, true, { size: 60, overlap: 0 })
    const trailOf = (words: string) => chunks.find(({ start, end }) => text.slice(start, end).includes(words))?.heading
    expect(trailOf('15 days')).toBe('Handbook › Leave')
    expect(trailOf('not this')).toBe('Handbook › Leave')
    expect(trailOf('Lock your screen')).toBe('Handbook › Security')
  })

  it('begins at a heading without the section before', async () => {
    const text = `# One\n\n${'alpha '.repeat(20)}\n\n# Two\n\n${'beta '.repeat(20)}`
    const chunks = await chunkText(text, true, { size: 150, overlap: 50 })
    expect(chunks.map(({ start }) => start)).toContain(text.indexOf('# Two'))
  })

  it('makes no passage of nothing', async () => {
    expect(await chunkText('', false, { size: 100, overlap: 0 })).toEqual([])
    expect(await chunkText(' \n\n ', true, { size: 100, overlap: 10 })).toEqual([])
  })
})

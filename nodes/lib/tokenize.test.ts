import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenize } from './tokenize.ts'

const share = (a: string, b: string) => tokenize(a).filter((term) => tokenize(b).includes(term))

describe('tokenize', () => {
  it.each([
    ['휴가는 며칠인가요', '연차휴가를 다음 해로 이월할 수 있어요', '휴가'],
    ['회의실에서', '회의실은 3층에 있습니다', '회의실'],
    ['환불까지', '환불은 7일 안에', '환불'],
    ['담당자에게', '담당자가 답합니다', '담당자'],
    ['GPU를 예약', '공용 GPU는 하루 전에', 'gpu'],
    ['노트북', '업무용노트북을 받아요', '노트'],
    ['Invoices', 'an invoice', 'invoice'],
    ['policies', 'the policy', 'policy'],
    ['boxes', 'a box', 'box'],
    ['東京タワー', '東京の', '東京'],
  ])('%s meets "%s" in %s', (query, text, term) => {
    expect(share(query, text)).toContain(term)
  })

  it.each([
    ['bus', 'bus'],
    ['status', 'status'],
    ['class', 'class'],
    ['yes', 'yes'],
    ['그', '그'],
    ['이', '이'],
  ])('leaves %s alone', (word, term) => {
    expect(tokenize(word)).toEqual([term])
  })

  it('finds text in both ways of writing Hangul and accents', () => {
    expect(tokenize('휴가'.normalize('NFD'))).toEqual(tokenize('휴가'))
    expect(tokenize('Café'.normalize('NFD'))).toEqual(['café'])
  })

  it('parts letters from numbers and scripts from each other', () => {
    expect(tokenize('3일 RTX4090을')).toEqual(['3', '일', 'rtx', '4090', '을'])
  })

  it('drops nothing but marks: every letter and digit of a text is in some term', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const terms = tokenize(text).join('')
        const plain = text.normalize('NFC').toLowerCase()
        // Plurals lose their ending, which the stem stands for.
        for (const [letter] of plain.matchAll(/[\p{L}\p{N}]/gu))
          if (!/[esi]/.test(letter)) expect(terms).toContain(letter)
        expect(tokenize(text).every((term) => term.length > 0)).toBe(true)
      }),
    )
  })

  it('takes time in proportion to the text, not more', () => {
    const word = '가나다라'.repeat(50_000)
    const start = performance.now()
    expect(tokenize(word).length).toBeGreaterThan(3)
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

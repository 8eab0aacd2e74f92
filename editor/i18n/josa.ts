import { josa } from 'es-hangul'

/** How a digit ends when Koreans read it: 영 일 이 삼 사 오 육 칠 팔 구. */
const digits = ['영', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'] as const

/** A syllable that ends like the last thing read of `word`: Hangul as it is, digits as read, Latin by its usual loan form. */
const lastSyllable = (word: string): string => {
  const read = word.replace(/[^\p{L}\p{N}]+$/u, '')
  const last = read.at(-1) ?? ''
  if (/\d/.test(last))
    return /0{2,}$/.test(read) ? tens(read) : /[1-9]0$/.test(read) ? '십' : (digits[Number(last)] ?? '이')
  if (/[A-Za-z]/.test(last)) return latin(read.toLowerCase())
  return last
}

/** 100 백, 1,000 천, 10,000 만, 억: the word a round number ends in. */
const tens = (read: string): string => {
  const zeros = /0+$/.exec(read.replaceAll(',', ''))?.[0].length ?? 0
  return ['영', '십', '백', '천', '만', '만', '만', '만', '억'][Math.min(zeros, 8)] ?? '억'
}

const latin = (word: string): string => {
  if (/l$|le$/.test(word)) return '엘'
  if (/[mn]$|ng$|[mn]e$/.test(word)) return '엠'
  if (/[aeiou][bckp]$|[aeiou]ck$/.test(word)) return '북'
  return '에'
}

/**
 * The particle that follows `word`, of a pair such as 을/를, 이/가, 은/는, 과/와, 으로/로, 이에요/예요.
 * @example particle('답변', '을/를') // '을'
 */
export const particle = (word: string, pair: string): string =>
  josa.pick(lastSyllable(word), pair as Parameters<typeof josa.pick>[1])

/**
 * JSON text that PostgreSQL takes whatever the value holds. It refuses `\u0000` and lone surrogates, which model output
 * and files do contain; both are written reversibly as U+E000 and four hex digits, and a U+E000 of the value itself as
 * U+E000 e000. U+E000 is for private use and in practice never met.
 */
const mark = '\uE000'

/** JSON.stringify leaves NUL and lone surrogates as \u escapes, and pairs as they are, so only escapes need a look. */
const escapes = /\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/gs
const marked = /\uE000([0-9a-f]{4})/g

export const writeJsonText = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'null'
  // Most texts hold neither; two searches cost less than one pass with an expression.
  if (!text.includes('\\u') && !text.includes(mark)) return text
  const safe = text.includes(mark) ? text.replaceAll(mark, `${mark}e000`) : text
  return safe.replace(escapes, (whole, code?: string) => (code === undefined ? whole : mark + code))
}

export const readJsonText = <Value>(text: string): Value => {
  if (!text.includes(mark)) return JSON.parse(text)
  return JSON.parse(text.replace(marked, (_, code: string) => (code === 'e000' ? mark : `\\u${code}`)))
}

/** Whether a value holds NUL or lone surrogates: tolerated in what nodes make, refused in what people send. */
export const holdsUnstorable = (value: unknown): boolean => {
  const text = JSON.stringify(value) ?? ''
  if (!text.includes('\\u')) return false
  for (const [, code] of text.matchAll(escapes)) if (code !== undefined) return true
  return false
}

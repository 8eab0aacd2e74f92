/** Longest text that a row shows, and how much of a value is read for it. */
const longest = 80
const read = 400

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a value says in words: texts, numbers, the last message of a conversation, the text of a passage. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value.slice(0, read)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return textOf(value.at(-1))
  if (!isRecord(value)) return undefined
  return textOf(value['content'] ?? value['text'] ?? value['name'])
}

/**
 * The input of a run in one line, by which its row is told from others.
 * @example inputLine({ ticket: 'I was charged\ntwice.' }) // 'I was charged twice.'
 */
export const inputLine = (input: Readonly<Record<string, unknown>>): string => {
  const line = Object.values(input)
    .flatMap((value) => textOf(value)?.replace(/\s+/g, ' ').trim() || [])
    .join(' · ')
  const letters = [...line]
  return letters.length > longest
    ? `${letters
        .slice(0, longest)
        .join('')
        .replace(/[\s,;:.]+$/, '')}…`
    : line
}

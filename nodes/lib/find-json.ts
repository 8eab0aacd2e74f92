import { NodeError } from '../errors.ts'
import type { ValueOf } from '../ports.ts'

/** Where the JSON value that opens at `start` closes (exclusive), by its brackets; -1 if it never does. */
const closing = (text: string, start: number): number => {
  let depth = 0
  let inString = false
  for (let i = start; i < text.length; i += 1) {
    const char = text[i]
    if (inString) {
      if (char === '\\') i += 1
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') {
      depth -= 1
      if (depth === 0) return i + 1
    }
  }
  return -1
}

const parse = (text: string): { value: ValueOf<'json'> } | { problem: string; at: number } => {
  try {
    return { value: JSON.parse(text) as ValueOf<'json'> }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const at = Number(/at position (\d+)/.exec(why)?.[1] ?? text.length)
    return { problem: why.replace(/,? ?("|\.\.\.").*$| (in JSON )?at position.*$/s, ''), at }
  }
}

const place = (text: string, at: number): string => {
  const lines = text.slice(0, at).split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}

/** How many openings are tried before giving up: prose full of brackets must not cost quadratic time. */
const mostTries = 50

/**
 * Reads JSON from text. With `repair`, prose and code fences around the first object or list are ignored; what is broken
 * inside of it is not guessed at.
 * @example readJson('Sure: {"team": "billing"}', true) // { team: 'billing' }
 */
export const readJson = (text: string, repair: boolean): ValueOf<'json'> => {
  const whole = parse(text)
  if ('value' in whole) return whole.value
  let nearest: { problem: string; at: number } | undefined
  if (repair) {
    let start = text.search(/[{[]/)
    for (let tries = 0; start >= 0 && tries < mostTries; tries += 1) {
      const end = closing(text, start)
      const part = parse(text.slice(start, end < 0 ? undefined : end))
      if ('value' in part) return part.value
      nearest ??= { problem: part.problem, at: start + part.at }
      const next = text.slice(start + 1).search(/[{[]/)
      start = next < 0 ? -1 : start + 1 + next
    }
  }
  const { problem, at } = nearest ?? whole
  const told =
    text.trim() === '' ? 'The text is empty' : `The text holds no whole JSON value: ${problem} at ${place(text, at)}`
  throw new NodeError('json-invalid', `${told}. Ask the model for JSON only, or give it more tokens.`, {
    details: { at },
  })
}

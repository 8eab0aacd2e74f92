import { limits } from './document.ts'
import type { Fault, Rule } from './faults.ts'
import { pointer } from './pointer.ts'

/** Names that JavaScript gives a meaning of its own; as keys they are refused everywhere. */
export const reservedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

type BadPart = { message: string; rule: Rule; values?: NonNullable<Fault['values']> }

const textProblem = (text: string): string | undefined => {
  if (text.includes('\u0000')) return 'holds the character U+0000, which the database cannot keep. Remove it.'
  if (!text.isWellFormed()) return 'holds half of a surrogate pair, so it is not valid Unicode. Send the text as UTF-8.'
  return undefined
}

const keyProblem = (key: string): BadPart | undefined => {
  if (reservedNames.has(key))
    return {
      message: `The key is named "${key}", which is reserved. Use another name.`,
      rule: 'bad-key',
      values: { key },
    }
  const problem = textProblem(key)
  return problem === undefined ? undefined : { message: `The key ${problem}`, rule: 'bad-text' }
}

const leafProblem = (value: unknown): BadPart | undefined => {
  switch (typeof value) {
    case 'string': {
      const problem = textProblem(value)
      return problem === undefined ? undefined : { message: `The text ${problem}`, rule: 'bad-text' }
    }
    case 'number':
      return Number.isFinite(value)
        ? undefined
        : { message: 'The number is too large for JSON. Use a finite number.', rule: 'bad-number' }
    case 'boolean':
      return undefined
    default:
      return { message: `A value of type ${typeof value} is not JSON. Leave it out or use null.`, rule: 'not-data' }
  }
}

/** One open array or object of the walk, and how far it has been read. */
type Frame = { keys: readonly string[] | undefined; values: readonly unknown[]; next: number }

const open = (value: object): Frame =>
  Array.isArray(value)
    ? { keys: undefined, values: value, next: 0 }
    : { keys: Object.keys(value), values: Object.values(value), next: 0 }

const placeOf = (frames: readonly Frame[]): string =>
  pointer(frames.map((frame) => frame.keys?.[frame.next - 1] ?? frame.next - 1))

/**
 * The first place of a parsed JSON value that may not be stored: nesting beyond the limit, U+0000, lone surrogates, reserved
 * keys, numbers that are not finite. A loop with its own stack, so that input of any depth is safe.
 */
export const findBadValue = (value: unknown, depth: number = limits.depth): Fault | undefined => {
  const frames: Frame[] = []
  /** Looks at one value; an array or object becomes the next frame. */
  const enter = (part: unknown): BadPart | undefined => {
    if (part === null) return undefined
    if (typeof part !== 'object') return leafProblem(part)
    if (frames.length >= depth)
      return {
        message: `The value is nested more than ${depth} deep. Make it flatter.`,
        rule: 'too-deep',
        values: { depth },
      }
    frames.push(open(part))
    return undefined
  }

  const first = enter(value)
  if (first) return { pointer: '', ...first }
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    if (frame.next >= frame.values.length) {
      frames.pop()
      continue
    }
    const at = frame.next++
    const key = frame.keys?.[at]
    const badKey = key === undefined ? undefined : keyProblem(key)
    if (badKey) return { pointer: placeOf(frames), ...badKey }
    const place = frames.length
    const problem = enter(frame.values[at])
    if (problem) return { pointer: placeOf(frames.slice(0, place)), ...problem }
  }
  return undefined
}

import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { NodeContext } from '../define.ts'
import { NodeError } from '../errors.ts'
import type { Score } from '../ports.ts'
import { describeValue } from './fields.ts'
import { readJson } from './find-json.ts'
import { compileSchema } from './json-schema.ts'
import { compilePattern } from './pattern.ts'

export type Rule = {
  kind: 'exact' | 'contains' | 'regex' | 'json-schema' | 'numeric'
  pattern: string
  schema: Record<string, unknown>
  absolute: number
  relative: number
  ignoreCase: boolean
  ignoreSpace: boolean
}
type Folding = Pick<Rule, 'ignoreCase' | 'ignoreSpace'>

const verdict = (passed: boolean, reason: string): Score => ({ value: passed ? 1 : 0, passed, reason })
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Short enough for a table cell. */
const quote = (value: unknown): string => {
  const text = asText(value)
  return `"${text.length > 80 ? `${text.slice(0, 79)}…` : text}"`
}

/** One form of a text for comparing: NFC, without case or with runs of space as one space, if asked. */
export const fold = (text: string, { ignoreCase, ignoreSpace }: Folding): string => {
  const plain = text.normalize('NFC')
  const spaced = ignoreSpace ? plain.replace(/\s+/gu, ' ').trim() : plain
  return ignoreCase ? spaced.toLowerCase() : spaced
}

const judgeExact = (actual: unknown, expected: unknown, folding: Folding): Score => {
  const same =
    typeof actual === 'string' || typeof expected === 'string'
      ? fold(asText(actual), folding) === fold(asText(expected), folding)
      : isDeepStrictEqual(actual, expected)
  return verdict(same, same ? 'same as expected' : `expected ${quote(expected)}, got ${quote(actual)}`)
}

/** `expected` may be a list: the score is then the share of its texts that are there. */
const judgeContains = (actual: unknown, expected: unknown, folding: Folding): Score => {
  const text = fold(asText(actual), folding)
  const wanted = Array.isArray(expected) ? expected : [expected]
  const missing = wanted.filter((part) => !text.includes(fold(asText(part), folding)))
  const value = wanted.length === 0 ? 1 : 1 - missing.length / wanted.length
  const reason = missing.length === 0 ? 'contains all that was expected' : `lacks ${missing.map(quote).join(', ')}`
  return { value, passed: missing.length === 0, reason }
}

const judgePattern = (actual: unknown, rule: Rule): Score => {
  if (rule.pattern === '') throw new NodeError('pattern-missing', 'The rule needs a pattern. Write one in the setup.')
  const found = compilePattern(rule.pattern, rule.ignoreCase).test(fold(asText(actual), { ...rule, ignoreCase: false }))
  return verdict(found, found ? 'matches the pattern' : `${quote(actual)} does not match the pattern`)
}

const judgeSchema = async (actual: unknown, rule: Rule, memo: Memo): Promise<Score> => {
  const digest = createHash('sha256').update(JSON.stringify(rule.schema)).digest('hex')
  const check = await memo(`json-schema:${digest}`, async () => compileSchema(rule.schema))
  try {
    const wrong = check(typeof actual === 'string' ? readJson(actual, false) : actual)
    return verdict(!wrong, wrong ? `${wrong.at} ${wrong.why}` : 'fits the schema')
  } catch (error) {
    // Text that is no JSON is a bad answer, not a bad pipeline.
    if (error instanceof NodeError && error.code === 'json-invalid') return verdict(false, 'not JSON')
    throw error
  }
}

/** Reads `42`, `4.2e1` and `1,234.5`; anything else is not a number. */
export const readNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : undefined
}

/** Passes within the larger of both tolerances; `relative` is a share of the expected number. */
const judgeNumber = (actual: unknown, expected: unknown, { absolute, relative }: Rule): Score => {
  const wanted = readNumber(expected)
  if (wanted === undefined) {
    throw new NodeError(
      'expected-not-number',
      `"expected" is ${describeValue(expected)}, which is no number. Wire a number, or choose another rule.`,
    )
  }
  const number = readNumber(actual)
  if (number === undefined) return verdict(false, `${quote(actual)} is not a number`)
  const off = Math.abs(number - wanted)
  // Decimal fractions are not exact: 0.3 is within 0.1 of 0.2.
  const slack = Number.EPSILON * 4 * Math.max(Math.abs(number), Math.abs(wanted))
  const passed = off <= Math.max(absolute, relative * Math.abs(wanted)) + slack
  return verdict(
    passed,
    off === 0 ? `${number}, as expected` : `${number} is ${Number(off.toPrecision(6))} off the expected ${wanted}`,
  )
}

type Memo = NodeContext<unknown, unknown, never>['memo']

/** Scores a value by a rule. A rule that lacks what it needs throws; a bad value only scores 0. */
export const judge = async (actual: unknown, expected: unknown, rule: Rule, memo: Memo): Promise<Score> => {
  if (rule.kind === 'regex') return judgePattern(actual, rule)
  if (rule.kind === 'json-schema') return judgeSchema(actual, rule, memo)
  if (expected === undefined) {
    throw new NodeError(
      'expected-missing',
      `The rule "${rule.kind}" compares with "expected", which got no value. Wire it, or choose a rule that needs none.`,
      { details: { rule: rule.kind } },
    )
  }
  if (rule.kind === 'exact') return judgeExact(actual, expected, rule)
  if (rule.kind === 'contains') return judgeContains(actual, expected, rule)
  return judgeNumber(actual, expected, rule)
}

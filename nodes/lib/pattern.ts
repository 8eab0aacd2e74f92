import vm from 'node:vm'
import { NodeError } from '../errors.ts'

/**
 * A search for a user's pattern may take this long (ms), its text and the pattern be this long (UTF-16 units), and the pattern
 * have this many parts that may be absent. V8 compiles those in exponential time, which no watchdog can stop: 16 in a row take
 * 50 ms, 24 take 0.9 s, 50 take 16 s.
 */
export const patternLimits = { ms: 250, text: 100_000, pattern: 1_000, optional: 16 } as const

/** `?`, `{}` and empty alternatives. Over-counting (escapes, classes) is safe. */
const optionalParts = (source: string): number => source.match(/(?<!\()\?|\{|\|\)|\(\||:\||\|\|/g)?.length ?? 0

export type Pattern = { test: (text: string) => boolean }

/**
 * An upper bound of the steps that backtracking can take: a choice (`|`, `?`, `*`, `+`, `{}`) has at most length + 1 ways to
 * go, and a search starts at most length + 1 times. Over-counting (escapes, classes) is safe. Repeated groups have no such
 * bound, so they count as endless.
 */
const mostSteps = (source: string, length: number): number =>
  /\)[*+?{]/.test(source) ? Number.POSITIVE_INFINITY : (length + 1) ** ((source.match(/[|?*+{]/g)?.length ?? 0) + 1)

const script = new vm.Script('pattern.test(text)')
/** An empty realm, made at the first use and kept: it holds nothing but the search in progress. */
let realm: vm.Context | undefined

/**
 * Searches under a watchdog that stops V8's matcher, so `(a+)+$` cannot hang the process. It costs 0.2 ms, therefore
 * searches that are cheap by their form go without (0.1 µs).
 */
const guardedTest = (pattern: RegExp, text: string): boolean => {
  realm ??= vm.createContext(Object.create(null) as vm.Context)
  try {
    realm.pattern = pattern
    realm.text = text
    return script.runInContext(realm, { timeout: patternLimits.ms }) === true
  } catch (cause) {
    // The error is made in the realm, so it is no instance of this realm's Error.
    if (Object(cause).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause
    throw new NodeError(
      'pattern-slow',
      `The pattern /${pattern.source}/ takes too long on a text of ${text.length} characters. Avoid repeats inside repeats, such as (a+)+.`,
      { cause },
    )
  } finally {
    realm.pattern = realm.text = undefined
  }
}

/**
 * Compiles a user's regular expression (JavaScript syntax, Unicode mode). Searches are bounded in time and size.
 * @example compilePattern('refund|money back', true).test('I want a REFUND') // true
 */
export const compilePattern = (source: string, ignoreCase = false): Pattern => {
  if (source.length > patternLimits.pattern) {
    throw new NodeError(
      'pattern-invalid',
      `The pattern is longer than ${patternLimits.pattern} characters. Shorten it.`,
    )
  }
  if (optionalParts(source) > patternLimits.optional) {
    throw new NodeError(
      'pattern-invalid',
      `The pattern has more than ${patternLimits.optional} optional parts ("?" or "{}"). Split it into several.`,
    )
  }
  // Composed, as the texts that it is asked about: a decomposed syllable would never be found in them.
  const pattern = parse(source.normalize('NFC'), ignoreCase ? 'iu' : 'u')
  return {
    test: (text) => {
      if (text.length > patternLimits.text) {
        throw new NodeError(
          'text-too-long',
          `The text has ${text.length} characters; patterns search at most ${patternLimits.text}. Shorten the text first.`,
        )
      }
      return mostSteps(source, text.length) <= 1_000_000 ? pattern.test(text) : guardedTest(pattern, text)
    },
  }
}

const parse = (source: string, flags: string): RegExp => {
  try {
    return new RegExp(source, flags)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : String(cause)
    throw new NodeError('pattern-invalid', `The pattern cannot be read: ${why}. Correct it in the setup.`, { cause })
  }
}

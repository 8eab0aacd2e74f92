import type { z } from 'zod'
import { pointer } from './pointer.ts'

/** What a value breaks. Stable: the editor has words for each in both languages. */
export const rules = [
  'required',
  'wrong-kind',
  'not-whole',
  'blank',
  'too-short',
  'too-long',
  'too-few',
  'too-many',
  'too-small',
  'too-large',
  'above',
  'below',
  'not-multiple',
  'wrong-choice',
  'wrong-pattern',
  'unknown-key',
  'no-fit',
  // Forms that a text may have, by their pattern.
  'name',
  'small-name',
  'plain-name',
  'wire-end',
  'duration',
  'path',
  'version',
  // Of a document as a whole.
  'not-json',
  'ends-early',
  'nothing',
  'not-pipeline',
  'format-missing',
  'format-unknown',
  'too-many-bytes',
  'id-reserved',
  'id-taken',
  'bad-text',
  'bad-key',
  'bad-number',
  'not-data',
  'too-deep',
  // Of parts that are judged together.
  'case-else',
  'case-number',
  'half-overlap',
  // Of the input of a run.
  'input-unknown',
  'input-missing',
  'input-kind',
  // Of what a deployment serves.
  'no-field',
  'no-chat',
  'starved',
  'no-worker-model',
  'no-tuned-model',
  'no-version',
  'no-revision',
  'revision-gone',
  'deleted-meanwhile',
  // Of what a form names.
  'no-pipeline',
  'secret-name',
] as const
export type Rule = (typeof rules)[number]

/** A structure error: the place as a JSON pointer (RFC 6901), what to do about it, and the rule, for words in other languages. */
export type Fault = { pointer: string; message: string; rule?: Rule; values?: Record<string, string | number> }

/** A text's pattern is all that JSON Schema keeps of it: these are the ones with words of their own, as they are written. */
const byPattern: Readonly<Record<string, Rule>> = {
  '\\S': 'blank',
  '^(?!__proto__$)[\\p{L}\\p{N}_-]{1,64}$': 'name',
  '^[a-z0-9][a-z0-9-]{0,62}$': 'small-name',
  '^[A-Za-z0-9_-]{1,64}$': 'plain-name',
  '^[A-Za-z0-9_-]{1,64}\\.[\\p{L}\\p{N}_-]{1,64}$': 'wire-end',
  '^\\d+(\\.\\d+)?(ms|s|m|h)$': 'duration',
  '^(latest|[1-9]\\d{0,8})$': 'version',
  '^(?![/\\\\]|[A-Za-z]:)(?!(?:[\\s\\S]*\\/)?\\.\\.(?:\\/|$))[^\\\\]+$': 'path',
}
/** The rule of a pattern that has one of its own. */
export const ruleOfPattern = (source: string): Rule | undefined =>
  Object.hasOwn(byPattern, source) ? byPattern[source] : undefined

type Broken = Pick<Fault, 'rule' | 'values'>
type Issue = z.core.$ZodIssue

const sizes: Record<string, { small: [Rule, Rule]; big: [Rule, Rule] }> = {
  string: { small: ['too-short', 'too-short'], big: ['too-long', 'too-long'] },
  number: { small: ['too-small', 'above'], big: ['too-large', 'below'] },
}
const many: (typeof sizes)[string] = { small: ['too-few', 'too-few'], big: ['too-many', 'too-many'] }

const valueAt = (whole: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    whole,
  )

/** By the issue's code and parts, never by its text, which other versions of zod word differently. */
const brokenBy = (issue: Issue, value: unknown): Broken => {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return { rule: 'required' }
      if ((issue.expected as string) === 'int') return { rule: 'not-whole' }
      return { rule: 'wrong-kind', values: { wanted: issue.expected } }
    case 'too_small': {
      const min = Number(issue.minimum)
      if (issue.origin === 'string' && min === 1) return { rule: 'blank' }
      return { rule: (sizes[issue.origin] ?? many).small[issue.inclusive === false ? 1 : 0], values: { min } }
    }
    case 'too_big': {
      const max = Number(issue.maximum)
      return { rule: (sizes[issue.origin] ?? many).big[issue.inclusive === false ? 1 : 0], values: { max } }
    }
    case 'invalid_format': {
      const source = /^\/(.*)\/[a-z]*$/s.exec(issue.pattern ?? '')?.[1]
      const rule = source === undefined ? undefined : ruleOfPattern(source)
      if (rule) return { rule }
      return { rule: 'wrong-pattern', values: { pattern: issue.format === 'regex' ? (source ?? '') : issue.format } }
    }
    case 'not_multiple_of':
      return { rule: 'not-multiple', values: { step: issue.divisor } }
    case 'invalid_value':
      return value === undefined
        ? { rule: 'required' }
        : { rule: 'wrong-choice', values: { choices: issue.values.map(String).join(', ') } }
    case 'unrecognized_keys':
      return { rule: 'unknown-key', values: { keys: issue.keys.join(', ') } }
    case 'custom': {
      const rule = rules.find((one) => one === issue.params?.['rule'])
      return rule ? { rule } : {}
    }
    default:
      return value === undefined ? { rule: 'required' } : { rule: 'no-fit' }
  }
}

/** Of alternatives the one that says most: one whose value is of the right kind and only breaks a bound. */
const telling = (issue: Issue): Issue => {
  if (issue.code === 'invalid_key') return issue.issues[0] ? { ...issue.issues[0], path: issue.path } : issue
  if (issue.code !== 'invalid_union') return issue
  const closer = issue.errors.filter(([first]) => first && !(first.code === 'invalid_type' && first.path.length === 0))
  const [only, ...others] = closer
  return only?.[0] && others.length === 0
    ? telling({ ...only[0], path: [...issue.path, ...only[0].path] } as Issue)
    : issue
}

const tell = (issue: Issue): string =>
  issue.code === 'unrecognized_keys'
    ? `${issue.keys.map((key) => `"${key}"`).join(', ')} is not known here. Remove it.`
    : issue.message

/** What zod found in `value`, as places, words and rules. */
export const faultsOf = (error: z.ZodError, value: unknown): Fault[] =>
  error.issues.map((found) => {
    const issue = telling(found)
    const isKey = found.code === 'invalid_key'
    return {
      pointer: pointer(issue.path),
      message: tell(issue),
      ...brokenBy(issue, isKey ? issue.path.at(-1) : valueAt(value, issue.path)),
    }
  })

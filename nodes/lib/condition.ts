import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Kind } from '../ports.ts'
import { readPath, splitPath } from './path.ts'
import { compilePattern } from './pattern.ts'
import { renderValue } from './template.ts'

/** What a value is asked; everything that is stated must hold. */
export const condition = z
  .strictObject({
    /** Path into a json value, such as `label` or `items.0.name`. */
    at: z.string().max(200).optional(),
    equals: z.json().optional(),
    contains: z.string().min(1).optional(),
    matches: z.string().min(1).optional(),
    above: z.number().optional(),
    below: z.number().optional(),
  })
  .refine(({ at: _, ...tests }) => Object.values(tests).some((test) => test !== undefined), {
    message: 'Say what the value should be: equals, contains, matches, above or below.',
  })
export type Condition = z.infer<typeof condition>

const asNumber = (value: unknown): number =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : typeof value === 'number' ? value : Number.NaN

/**
 * Whether a value of a kind meets a condition. Texts are compared without the space around them, and without case if
 * `ignoreCase`. A path that leads nowhere meets nothing.
 */
export const meets = (value: unknown, kind: Kind, asked: Condition, ignoreCase: boolean): boolean => {
  const path = splitPath(asked.at ?? '')
  const target = readPath(value, path)
  if (target === undefined) return false
  const fold = (text: string): string => {
    const plain = text.normalize('NFC').trim()
    return ignoreCase ? plain.toLowerCase() : plain
  }
  const rendered = renderValue(target, path.length > 0 ? 'json' : kind)
  const text = fold(rendered)
  const equal = (wanted: unknown): boolean =>
    typeof wanted === 'string'
      ? text === fold(wanted)
      : isDeepStrictEqual(target, wanted) || text === JSON.stringify(wanted)
  return (
    (asked.equals === undefined || equal(asked.equals)) &&
    (asked.contains === undefined || text.includes(fold(asked.contains))) &&
    (asked.matches === undefined || compilePattern(asked.matches, ignoreCase).test(rendered.normalize('NFC'))) &&
    (asked.above === undefined || asNumber(target) > asked.above) &&
    (asked.below === undefined || asNumber(target) < asked.below)
  )
}

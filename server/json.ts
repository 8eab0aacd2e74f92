import type { z } from 'zod'
import type { Problem } from './api.ts'

/** Nothing that people write is deeper; parsers and the database recurse. A document may have 64 itself. */
export const maxDepth = 128

type Place = { key: string | number; above: Place | undefined }
export type BadPlace = { pointer: string; message: string }

const escape = (key: PropertyKey): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1')
export const pointerTo = (path: readonly PropertyKey[]): string => path.map((key) => `/${escape(key)}`).join('')
const pointerOf = (place: Place | undefined): string => {
  const path: PropertyKey[] = []
  for (let at = place; at; at = at.above) path.unshift(at.key)
  return pointerTo(path.slice(0, 200))
}

const badText = (text: string): string | undefined => {
  if (text.includes('\u0000')) return 'The character U+0000 cannot be stored. Remove it.'
  if (!text.isWellFormed()) return 'There is half of a surrogate pair. Send whole characters.'
  return undefined
}

/**
 * The first place of a parsed JSON value that cannot be stored or is too deep. Walks with its own stack: a body of
 * depth 10,000 must not overflow ours.
 */
export const findBadJson = (value: unknown, depth = maxDepth): BadPlace | undefined => {
  const stack: { value: unknown; place: Place | undefined; depth: number }[] = [{ value, place: undefined, depth: 1 }]
  for (let at = stack.pop(); at; at = stack.pop()) {
    const { value: part, place } = at
    const bad = (message: string): BadPlace => ({ pointer: pointerOf(place), message })
    if (typeof part === 'string') {
      const message = badText(part)
      if (message !== undefined) return bad(message)
    } else if (typeof part === 'number') {
      if (!Number.isFinite(part)) return bad('The number is too large.')
    } else if (typeof part === 'object' && part !== null) {
      if (at.depth > depth) return bad(`The value is nested deeper than ${depth} levels.`)
      const below = at.depth + 1
      if (Array.isArray(part)) {
        for (let index = part.length - 1; index >= 0; index--) {
          stack.push({ value: part[index], place: { key: index, above: place }, depth: below })
        }
        continue
      }
      const entries = Object.entries(part)
      for (const [key] of entries) {
        const message = key === '__proto__' ? 'A key may not be called "__proto__". Rename it.' : badText(key)
        if (message !== undefined) return { pointer: pointerOf({ key, above: place }), message }
      }
      for (const [key, child] of entries.reverse()) {
        stack.push({ value: child, place: { key, above: place }, depth: below })
      }
    }
  }
  return undefined
}

/** What zod found, as the `errors` of a problem; `under` is the pointer of the parsed part. */
export const placesOf = (error: z.ZodError, under = ''): NonNullable<Problem['errors']> =>
  error.issues.slice(0, 20).map((issue) => ({ pointer: under + pointerTo(issue.path), message: issue.message }))

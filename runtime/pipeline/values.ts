import { pointer } from './pointer.ts'
import { type Kind, kindSchema } from './ports.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Whether a value is JSON, so that the journal can keep it as it is. By hand: zod's recursive json schema costs 20 times as
 * much, and every step pays it. `undefined` in an object is as good as left out.
 */
const isJson = (value: unknown, depth = 0): boolean => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object': {
      if (value === null) return true
      if (depth > 1_000) return false
      if (Array.isArray(value)) return value.every((part) => isJson(part, depth + 1))
      const prototype = Object.getPrototypeOf(value)
      if (prototype !== Object.prototype && prototype !== null) return false
      for (const key in value) {
        const part = (value as Record<string, unknown>)[key]
        if (part !== undefined && !isJson(part, depth + 1)) return false
      }
      return true
    }
    default:
      return false
  }
}

/** Whether a value that a step gave is of its port's kind. Agrees with `kindSchema`, except that `any` must be JSON too. */
export const isOfKind = (value: unknown, kind: Kind): boolean => {
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'any':
    case 'json':
      return isJson(value)
    case 'row':
      return isObject(value) && isJson(value)
    default:
      return kindSchema[kind].safeParse(value).success
  }
}

/** What is wrong with a value that is not of its kind, in words. */
export const kindProblem = (value: unknown, kind: Kind): string => {
  const [issue] = kindSchema[kind].safeParse(value).error?.issues ?? []
  const place = issue && issue.path.length > 0 ? ` at ${pointer(issue.path)}` : ''
  return issue ? `${issue.message}${place}` : 'it is not JSON (no functions, dates, class instances, cycles or NaN)'
}

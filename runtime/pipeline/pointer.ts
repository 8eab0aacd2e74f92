import type { z } from 'zod'

/** A structure error: the place as a JSON pointer (RFC 6901) and what to do about it. */
export type Fault = { pointer: string; message: string }

/** The JSON pointer of a path of keys and indexes; the whole value is the empty pointer. */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const tell = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => `"${key}"`).join(', ')} is not known here. Remove it.`
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    default:
      return issue.message
  }
}

/** What zod found, as places and words. */
export const faultsOf = (error: z.ZodError): Fault[] =>
  error.issues.map((issue) => ({ pointer: pointer(issue.path), message: tell(issue) }))

/** A structure error: the place as a JSON pointer (RFC 6901) and what to do about it. */
export type Fault = { pointer: string; message: string }

/** The JSON pointer of a path of keys and indexes; the whole value is the empty pointer. */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The JSON pointer of a path of keys and indexes; the whole value is the empty pointer. */
export const pointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The part of a value that keys or list positions lead to; undefined where the path leads nowhere. */
export const readPath = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? (part as Record<string, unknown>)[key]
        : undefined,
    value,
  )

/** `a.0.b` taken apart. */
export const splitPath = (path: string): string[] => (path === '' ? [] : path.split('.'))

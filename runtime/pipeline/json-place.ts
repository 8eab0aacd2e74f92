const token = {
  space: /[ \t\n\r]*/y,
  string: /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b/y,
}

/**
 * The offset at which a text stops being JSON. Only asked after `JSON.parse` has refused: engines word their complaint
 * differently and some give no place at all.
 */
export const brokenAt = (text: string): number => {
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.test(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const open: ('{' | '[')[] = []
  /** What may come next: a value, a key, or what follows a value. `first`: the bracket may close at once. */
  let want: 'value' | 'key' | 'after' = 'value'
  let first = false

  while (true) {
    take(token.space)
    const sign = text[at]
    const inside = open.at(-1)
    if (want === 'after' || first) {
      if ((inside === '{' && sign === '}') || (inside === '[' && sign === ']')) {
        open.pop()
        at++
        want = 'after'
        first = false
        continue
      }
    }
    if (want === 'after') {
      if (inside === undefined || sign !== ',') return at
      at++
      want = inside === '{' ? 'key' : 'value'
    } else if (want === 'key') {
      if (!take(token.string)) return at
      take(token.space)
      if (text[at] !== ':') return at
      at++
      want = 'value'
      first = false
    } else if (sign === '{' || sign === '[') {
      open.push(sign)
      at++
      want = sign === '{' ? 'key' : 'value'
      first = true
    } else {
      if (!take(token.string) && !take(token.scalar)) return at
      want = 'after'
      first = false
    }
  }
}

/** Line and column of an offset, both from 1. */
export const lineAndColumn = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

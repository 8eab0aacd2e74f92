const pattern = {
  string: /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  scalar: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b/y,
}

/** Where a token ends that starts at `at`; -1 when there is none. */
const endOf = (kind: keyof typeof pattern, text: string, at: number): number => {
  const token = pattern[kind]
  token.lastIndex = at
  return token.test(text) ? token.lastIndex : -1
}

const skipSpace = (text: string, from: number): number => {
  let at = from
  for (let sign = text[at]; sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t'; sign = text[at]) at++
  return at
}

/** What may come next. `first…`: the bracket has just opened and may close at once. */
type Wanted = 'value' | 'key' | 'first-value' | 'first-key' | 'after'
const closing = { '{': '}', '[': ']' } as const

/**
 * The offset at which a text stops being JSON. Only asked after `JSON.parse` has refused: engines word their complaint
 * differently and some give no place at all. One pass with a stack of its own: 5 MB of brackets take half a second.
 */
export const brokenAt = (text: string): number => {
  const open: ('{' | '[')[] = []
  let want: Wanted = 'value'
  let at = skipSpace(text, 0)
  for (; ; at = skipSpace(text, at)) {
    const sign = text[at]
    const inside = open[open.length - 1]
    if (inside !== undefined && sign === closing[inside] && want !== 'value' && want !== 'key') {
      open.pop()
      at++
      want = 'after'
    } else if (want === 'after') {
      if (inside === undefined || sign !== ',') return at
      at++
      want = inside === '{' ? 'key' : 'value'
    } else if (want === 'key' || want === 'first-key') {
      const end = endOf('string', text, at)
      if (end < 0) return at
      at = skipSpace(text, end)
      if (text[at] !== ':') return at
      at++
      want = 'value'
    } else if (sign === '{' || sign === '[') {
      open.push(sign)
      at++
      want = sign === '{' ? 'first-key' : 'first-value'
    } else {
      const end = endOf(sign === '"' ? 'string' : 'scalar', text, at)
      if (end < 0) return at
      at = end
      want = 'after'
    }
  }
}

/** Line and column of an offset, both from 1. */
export const lineAndColumn = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

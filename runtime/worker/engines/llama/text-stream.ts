/** A character whose bytes are not complete yet shows as U+FFFD; after so many tokens it is taken for what it is. */
const longestCharacter = 8

export type TextStream = {
  /** The text that is safe to send after this token, and whether a stop text was met. */
  push: (token: number) => { text: string; stopped: boolean }
  /** What was held back, when the answer ends by itself. */
  flush: () => string
}

/** The length of the longest end of `text` that is the beginning of a stop text. */
const heldBack = (text: string, stops: readonly string[]): number => {
  for (let length = Math.min(text.length, Math.max(0, ...stops.map((s) => s.length - 1))); length > 0; length -= 1)
    if (stops.some((stop) => stop.startsWith(text.slice(-length)))) return length
  return 0
}

/**
 * Turns tokens into text that can be sent: whole characters only, and nothing that may turn out to begin a stop text.
 * `detokenize` gets the undecided tokens and those before them.
 */
export const createTextStream = (
  detokenize: (tokens: readonly number[], before: readonly number[]) => string,
  stops: readonly string[],
): TextStream => {
  let before: readonly number[] = []
  let undecided: number[] = []
  let held = ''

  const decode = (force: boolean): string => {
    const text = detokenize(undecided, before)
    if (!force && text.endsWith('�') && undecided.length < longestCharacter) return ''
    before = [...before, ...undecided].slice(-longestCharacter)
    undecided = []
    return text
  }
  const firstStop = (text: string): number =>
    stops.reduce((first, stop) => {
      const at = text.indexOf(stop)
      return at === -1 || (first !== -1 && first <= at) ? first : at
    }, -1)

  return {
    push: (token) => {
      undecided.push(token)
      const text = held + decode(false)
      const stop = firstStop(text)
      if (stop !== -1) {
        held = ''
        return { text: text.slice(0, stop), stopped: true }
      }
      const keep = heldBack(text, stops)
      held = text.slice(text.length - keep)
      return { text: text.slice(0, text.length - keep), stopped: false }
    },
    flush: () => {
      const text = held + (undecided.length > 0 ? decode(true) : '')
      held = ''
      return text
    },
  }
}

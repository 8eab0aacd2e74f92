/** Characters of a prompt that one block has. Not the router's number: engines cut as they like. */
const length = 96

export type PrefixCache = {
  /** Looks a prompt up and keeps it: its blocks, and how many of them, from its beginning on, were there. */
  use: (prompt: string) => { blocks: number; cached: number }
}

/** What an engine keeps of the prompts that it evaluated: so many blocks, the least recently used go first. */
export const createPrefixCache = (most: number): PrefixCache => {
  const kept = new Set<string>()
  return {
    use: (prompt) => {
      const blocks = Math.ceil(prompt.length / length)
      let cached = 0
      let whole = true
      for (let block = 1; block <= blocks; block += 1) {
        // A block is only of use behind the same beginning.
        const key = prompt.slice(0, block * length)
        whole &&= kept.has(key)
        if (whole) cached += 1
        kept.delete(key)
        kept.add(key)
      }
      for (const oldest of kept) {
        if (kept.size <= most) break
        kept.delete(oldest)
      }
      return { blocks, cached }
    },
  }
}

/** Characters that a block of a prompt has. */
const blockLength = 128
/** Blocks of one prompt that are looked at: 32,000 characters say enough of where it was answered before. */
const mostBlocks = 256
/** Blocks that are remembered of a worker. */
const remembered = 20_000

export type PrefixHistory = {
  /** The share of a prompt's blocks, from its beginning on, that a worker has answered before; 0 to 1. */
  share: (worker: string, blocks: readonly number[]) => number
  note: (worker: string, blocks: readonly number[]) => void
  forget: (worker: string) => void
}

/** 53 bits of a text, going on from those of the text before it (cyrb53, public domain). */
const chain = (before: number, text: string): number => {
  let a = 0xdeadbeef ^ (before >>> 0)
  let b = 0x41c6ce57 ^ Math.floor(before / 0x100000000)
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}

/** A prompt as blocks, each named by a hash of all text up to its end: two prompts share blocks as far as they begin alike. */
export const blocksOf = (model: string, prompt: string): number[] => {
  const blocks: number[] = []
  let hash = chain(0, model)
  for (let at = 0; at + blockLength <= prompt.length && blocks.length < mostBlocks; at += blockLength) {
    hash = chain(hash, prompt.slice(at, at + blockLength))
    blocks.push(hash)
  }
  return blocks
}

/** Which beginnings of prompts were answered where: a worker's engine keeps their evaluation for a while. */
export const createPrefixHistory = (): PrefixHistory => {
  const seen = new Map<string, Set<number>>()
  return {
    share: (worker, blocks) => {
      const known = seen.get(worker)
      if (!known || blocks.length === 0) return 0
      let shared = 0
      while (shared < blocks.length && known.has(blocks[shared] as number)) shared += 1
      return shared / blocks.length
    },
    note: (worker, blocks) => {
      const known = seen.get(worker) ?? new Set()
      seen.set(worker, known)
      for (const block of blocks) {
        known.delete(block) // to the end: the oldest go first
        known.add(block)
      }
      for (const oldest of known) {
        if (known.size <= remembered) break
        known.delete(oldest)
      }
    },
    forget: (worker) => void seen.delete(worker),
  }
}

/** Keeps results of slow builds in this process by digest; the least recently used go first. */
export type Memo = <T>(key: string, build: () => Promise<T>) => Promise<T>

export const createMemo = (size = 64): Memo => {
  const kept = new Map<string, Promise<unknown>>()
  return <T>(key: string, build: () => Promise<T>): Promise<T> => {
    // One key is always built into one type: keys are digests of what is built.
    const known = kept.get(key) as Promise<T> | undefined
    kept.delete(key)
    const result = known ?? build()
    kept.set(key, result)
    // A failed build is not kept: the next step tries again.
    if (!known) result.catch(() => kept.get(key) === result && kept.delete(key))
    for (const oldest of kept.keys()) {
      if (kept.size <= size) break
      kept.delete(oldest)
    }
    return result
  }
}

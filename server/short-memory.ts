/** How long what was found may be told again, in ms: as long, a key that another process revoked is accepted. */
const kept = 2_000
const most = 1_000

/**
 * Answers the same question from memory for two seconds: a busy API key asks the database once, not for every call. What
 * is not found is asked again at once. `forget` ends it here when something is revoked.
 */
export const shortMemory = <Found>(
  ask: (name: string) => Promise<Found | undefined>,
  now: () => number = Date.now,
): { find: (name: string) => Promise<Found | undefined>; forget: () => void } => {
  const known = new Map<string, { at: number; found: Found }>()
  let forgotten = 0
  return {
    find: async (name) => {
      const entry = known.get(name)
      if (entry && now() - entry.at < kept) return entry.found
      known.delete(name)
      const asked = now()
      const before = forgotten
      const found = await ask(name)
      // What was revoked while it was looked up is not kept.
      if (found === undefined || before !== forgotten) return found
      known.set(name, { at: asked, found })
      for (const oldest of known.keys()) {
        if (known.size <= most) break
        known.delete(oldest)
      }
      return found
    },
    forget: () => {
      forgotten += 1
      known.clear()
    },
  }
}

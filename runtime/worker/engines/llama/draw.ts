/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export const randomNumbers = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Draws a key, likelier ones more often: of the likeliest that together reach `topP`, at a temperature.
 * `chances` is sorted, likeliest first, and holds them at temperature 1.
 */
export const draw = <K>(
  chances: ReadonlyMap<K, number>,
  { temperature, topP = 1 }: { temperature: number; topP?: number },
  random: () => number,
): K => {
  const all = [...chances]
  const [best] = all
  if (!best) throw new Error('There is nothing to draw from.')
  if (temperature === 0) return best[0]
  // Taken relative to the likeliest, so that a low temperature does not round everything to zero.
  const tempered = all.map(([key, chance]) => [key, (chance / best[1]) ** (1 / temperature)] as const)
  const total = tempered.reduce((sum, [, weight]) => sum + weight, 0)
  let reached = 0
  const kept = tempered.filter(([, weight]) => {
    const before = reached
    reached += weight / total
    return before < topP
  })
  let left = random() * kept.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [key, weight] of kept) {
    left -= weight
    if (left < 0) return key
  }
  return best[0]
}

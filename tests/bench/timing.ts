/** Milliseconds of `count` calls, one after the other: the median. */
export const median = async (count: number, once: (index: number) => Promise<void>): Promise<number> => {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const since = performance.now()
    await once(index)
    times.push(performance.now() - since)
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0
}

/** Calls per second of so many clients. */
export const rate = async (clients: number, seconds: number, once: () => Promise<void>): Promise<number> => {
  const until = performance.now() + seconds * 1_000
  const since = performance.now()
  let count = 0
  const client = async () => {
    while (performance.now() < until) {
      await once()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return count / ((performance.now() - since) / 1_000)
}

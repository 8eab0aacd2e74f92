/**
 * Several async sources as one, each value as soon as it comes. A source that fails ends the merged one with its error;
 * leaving it early lets every source end.
 */
export async function* mergeStreams<Value>(sources: readonly AsyncIterable<Value>[]): AsyncGenerator<Value> {
  const iterators = new Map(sources.map((source, at) => [at, source[Symbol.asyncIterator]()]))
  const ask = (at: number, from: AsyncIterator<Value>) => from.next().then((result) => ({ at, result }))
  const asked = new Map([...iterators].map(([at, from]) => [at, ask(at, from)]))
  try {
    while (asked.size > 0) {
      const { at, result } = await Promise.race(asked.values())
      const from = iterators.get(at)
      if (result.done || !from) {
        asked.delete(at)
        iterators.delete(at)
        continue
      }
      yield result.value
      // Asked anew behind the others, so that a busy source does not starve a quiet one.
      asked.delete(at)
      asked.set(at, ask(at, from))
    }
  } finally {
    for (const waiting of asked.values()) waiting.catch(() => undefined)
    // A source that is waiting for its next value ends when its own signal aborts; this must not wait for it.
    for (const from of iterators.values()) void from.return?.(undefined)?.catch?.(() => undefined)
  }
}

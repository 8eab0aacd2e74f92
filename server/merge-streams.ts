/**
 * Several async sources as one, each value as soon as it comes. A source that fails ends the merged one with its error;
 * leaving it early lets every source end.
 */
export async function* mergeStreams<Value>(sources: readonly AsyncIterable<Value>[]): AsyncGenerator<Value> {
  type Came = { from: AsyncIterator<Value>; result: IteratorResult<Value> } | { failed: unknown }
  const open = new Set(sources.map((source) => source[Symbol.asyncIterator]()))
  // Not Promise.race over all that are waited for: each race would leave its result with every quiet one until that speaks.
  const came: Came[] = []
  let wake = () => {}
  const take = (one: Came) => {
    came.push(one)
    wake()
  }
  const ask = (from: AsyncIterator<Value>) =>
    void from.next().then(
      (result) => take({ from, result }),
      (failed: unknown) => take({ failed }),
    )
  for (const from of open) ask(from)
  try {
    while (open.size > 0) {
      const next = came.shift()
      if (!next) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      if ('failed' in next) throw next.failed
      const { from, result } = next
      if (result.done) {
        open.delete(from)
        continue
      }
      yield result.value
      // Asked anew behind those that came meanwhile, so that a busy source does not starve a quiet one.
      ask(from)
    }
  } finally {
    // A source that is waiting for its next value ends when its own signal aborts; this must not wait for it.
    for (const from of open) void from.return?.(undefined)?.catch?.(() => undefined)
  }
}

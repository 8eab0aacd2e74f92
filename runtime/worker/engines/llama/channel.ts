export type Channel<T> = AsyncIterable<T> & {
  push: (value: T) => void
  /** No more values; with an error the reader throws it after what was pushed before. */
  close: (error?: unknown) => void
}

/** Hands values from callbacks to one `for await`. Unbounded: a generation is bounded by its context. */
export const createChannel = <T>(): Channel<T> => {
  const values: T[] = []
  let wake: (() => void) | undefined
  let closed: { error?: unknown } | undefined
  const notify = () => {
    wake?.()
    wake = undefined
  }
  return {
    push: (value) => {
      if (closed) return
      values.push(value)
      notify()
    },
    close: (error) => {
      closed ??= error === undefined ? {} : { error }
      notify()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const value = values.shift()
        if (value !== undefined) yield value
        else if (closed) {
          if ('error' in closed) throw closed.error
          return
        } else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}

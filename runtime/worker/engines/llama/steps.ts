/** One generation among those that share the steps of a model. */
export type Member = {
  /** Resolves when every other member waits too: what they ask for next is then one step of the model. */
  together: () => Promise<void>
  /** Nobody waits for this one any more. */
  leave: () => void
}
export type Steps = { join: () => Member }

/**
 * Makes generations that run at once go on at once. The library runs a step as soon as one of them asks; the others, which
 * still draw their token, then find it under way, and two take turns with steps of one token each for ever. Measured with
 * local:tiny, 24 answers: 2 at once made 770 steps of one token, of which 365 steps of two became; 4 at once, 168 steps of four.
 */
export const createSteps = (): Steps => {
  let members = 0
  let waiting: (() => void)[] = []
  const go = (): void => {
    if (waiting.length < members) return
    const all = waiting
    waiting = []
    for (const next of all) next()
  }
  return {
    join: () => {
      members += 1
      let here = true
      return {
        together: () =>
          new Promise((resolve) => {
            waiting.push(resolve)
            go()
          }),
        leave: () => {
          if (!here) return
          here = false
          members -= 1
          go()
        },
      }
    },
  }
}

/** Lets so many in at once; the others wait in order. */
export type Gate = { enter: () => Promise<void> | undefined; leave: () => void }

export const createGate = (places: number): Gate => {
  let free = places
  const waiting: (() => void)[] = []
  return {
    enter: () => {
      if (free > 0) {
        free -= 1
        return undefined
      }
      return new Promise((enter) => waiting.push(enter))
    },
    leave: () => {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    },
  }
}

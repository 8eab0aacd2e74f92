/** A binary heap that finds any of its items again: put, remove and move are O(log n), the least is O(1). */
export type Heap<Item> = {
  readonly size: () => number
  least: () => Item | undefined
  /** In no order. */
  all: () => Iterable<Item>
  /** Adds it, or moves it to where it belongs by now. */
  put: (item: Item) => void
  remove: (item: Item) => boolean
}

/** @example const heap = createHeap<Job>((a, b) => a.order - b.order) */
export const createHeap = <Item extends object>(compare: (a: Item, b: Item) => number): Heap<Item> => {
  const items: Item[] = []
  const places = new Map<Item, number>()
  const set = (at: number, item: Item) => {
    items[at] = item
    places.set(item, at)
  }
  const rise = (from: number): number => {
    const item = items[from] as Item
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (compare(item, items[parent] as Item) >= 0) break
      set(at, items[parent] as Item)
      at = parent
    }
    set(at, item)
    return at
  }
  const sink = (from: number): void => {
    const item = items[from] as Item
    let at = from
    for (;;) {
      const left = 2 * at + 1
      if (left >= items.length) break
      const right = left + 1
      const child = right < items.length && compare(items[right] as Item, items[left] as Item) < 0 ? right : left
      if (compare(item, items[child] as Item) <= 0) break
      set(at, items[child] as Item)
      at = child
    }
    set(at, item)
  }
  return {
    size: () => items.length,
    least: () => items[0],
    all: () => items,
    put: (item) => {
      let at = places.get(item)
      if (at === undefined) {
        at = items.length
        items.push(item)
      }
      sink(rise(at))
    },
    remove: (item) => {
      const at = places.get(item)
      if (at === undefined) return false
      places.delete(item)
      const last = items.pop() as Item
      if (last !== item) {
        set(at, last)
        sink(rise(at))
      }
      return true
    },
  }
}

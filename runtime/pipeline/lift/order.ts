/** Who feeds whom, by node index. */
export type Arrows = readonly (readonly number[])[]

/** Every node after all that feed it; `rest` are the nodes on cycles and behind them. Ties go by index. */
export const topological = (next: Arrows): { order: number[]; rest: number[] } => {
  const waiting = new Array<number>(next.length).fill(0)
  for (const targets of next) for (const target of targets) waiting[target] = (waiting[target] ?? 0) + 1
  const order = next.flatMap((_, node) => (waiting[node] === 0 ? [node] : []))
  for (let read = 0; read < order.length; read++) {
    for (const target of next[order[read] as number] ?? []) {
      const left = (waiting[target] ?? 0) - 1
      waiting[target] = left
      if (left === 0) order.push(target)
    }
  }
  return { order, rest: next.flatMap((_, node) => ((waiting[node] ?? 0) > 0 ? [node] : [])) }
}

/** The shortest way from `start` back to itself through nodes that `may` be walked. */
const shortestCycle = (next: Arrows, start: number, may: (node: number) => boolean): number[] | undefined => {
  const cameFrom = new Map<number, number>()
  const queue = [start]
  for (let read = 0; read < queue.length; read++) {
    const node = queue[read] as number
    for (const target of next[node] ?? []) {
      if (target === start) {
        const way = [node]
        while (way[0] !== start) way.unshift(cameFrom.get(way[0] as number) as number)
        return way
      }
      if (cameFrom.has(target) || !may(target)) continue
      cameFrom.set(target, node)
      queue.push(target)
    }
  }
  return undefined
}

/** Strongly connected parts with at least two nodes or a loop, by Tarjan's algorithm with a stack of its own. */
const knots = (next: Arrows, among: readonly number[]): number[][] => {
  const found: number[][] = []
  const number = new Map<number, number>()
  const low = new Map<number, number>()
  const onStack = new Set<number>()
  const stack: number[] = []
  const enter = (node: number): { node: number; next: number } => {
    number.set(node, number.size)
    low.set(node, number.size - 1)
    stack.push(node)
    onStack.add(node)
    return { node, next: 0 }
  }
  const lower = (node: number, to: number) => low.set(node, Math.min(low.get(node) as number, to))

  for (const root of among) {
    if (number.has(root)) continue
    const frames = [enter(root)]
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const target = next[frame.node]?.[frame.next++]
      if (target !== undefined) {
        if (!number.has(target)) frames.push(enter(target))
        else if (onStack.has(target)) lower(frame.node, number.get(target) as number)
        continue
      }
      frames.pop()
      const parent = frames.at(-1)
      if (parent) lower(parent.node, low.get(frame.node) as number)
      if (low.get(frame.node) !== number.get(frame.node)) continue
      const part = stack.splice(stack.lastIndexOf(frame.node))
      for (const node of part) onStack.delete(node)
      if (part.length > 1 || next[frame.node]?.includes(frame.node)) found.push(part.sort((a, b) => a - b))
    }
  }
  return found
}

/** One cycle per knot of wires, starting at its first node in document order. */
export const cycles = (next: Arrows, among: readonly number[]): number[][] =>
  knots(next, among)
    .sort(([a = 0], [b = 0]) => a - b)
    .map((part) => {
      const inside = new Set(part)
      return shortestCycle(next, part[0] as number, (node) => inside.has(node)) ?? part
    })

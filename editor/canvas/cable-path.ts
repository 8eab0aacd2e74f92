type Place = { x: number; y: number }

/** How far a cable runs straight out of its jack before it bends, in pixels. */
const reach = (from: Place, to: Place): number => {
  const ahead = to.x - from.x
  if (ahead >= 0) return Math.max(26, Math.min(110, ahead * 0.5))
  // A cable that runs back leaves in a wider bow, so that it does not hide under its own nodes.
  return Math.min(180, 60 + Math.abs(ahead) * 0.3)
}

const round3 = (value: number) => Math.round(value * 1_000) / 1_000
const round = (value: number) => Math.round(value * 10) / 10

/** The curve between an output and an input, and its middle, where marks sit. */
export const cablePath = (from: Place, to: Place): { path: string; middle: Place } => {
  const bend = reach(from, to)
  const a = { x: from.x + bend, y: from.y }
  const b = { x: to.x - bend, y: to.y }
  return {
    path: `M${round(from.x)} ${round(from.y)}C${round(a.x)} ${round(a.y)} ${round(b.x)} ${round(b.y)} ${round(to.x)} ${round(to.y)}`,
    middle: {
      x: round((from.x + 3 * a.x + 3 * b.x + to.x) / 8),
      y: round((from.y + 3 * a.y + 3 * b.y + to.y) / 8),
    },
  }
}

/** The second half of the same curve (de Casteljau at one half), for a cable that changes colour on the way. */
export const secondHalf = (from: Place, to: Place): string => {
  const bend = reach(from, to)
  const mid = (p: Place, q: Place) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 })
  const a = { x: from.x + bend, y: from.y }
  const b = { x: to.x - bend, y: to.y }
  const right = mid(b, to)
  const inner = mid(mid(a, b), right)
  const { middle } = cablePath(from, to)
  return `M${middle.x} ${middle.y}C${round(inner.x)} ${round(inner.y)} ${round(right.x)} ${round(right.y)} ${round(to.x)} ${round(to.y)}`
}

/** Where cables of one output run together their casings would cut each other: this much of it is left bare, in pixels. */
const bare = 30

/** The dashes that draw a casing along a path of length 1 but for its beginning. */
export const casingDashes = (from: Place, to: Place, lane?: { x1: number; y: number; x2: number }): string => {
  const length = lane
    ? Math.abs(lane.x2 - lane.x1) + Math.abs(lane.y - from.y) + Math.abs(lane.y - to.y)
    : Math.hypot(to.x - from.x, to.y - from.y)
  return `0 ${round3(Math.min(0.5, bare / Math.max(1, length)))} 1`
}

const corner = 11

/** Straight stretches with round corners between them. */
const rounded = (points: readonly Place[]): string => {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  const towards = (at: Place, goal: Place, far: number): string => {
    const length = Math.hypot(goal.x - at.x, goal.y - at.y) || 1
    return `${round(at.x + ((goal.x - at.x) / length) * far)} ${round(at.y + ((goal.y - at.y) / length) * far)}`
  }
  const bends = points.slice(1, -1).map((at, index) => {
    const [before, after] = [points[index], points[index + 2]] as [Place, Place]
    const half = (goal: Place) => Math.hypot(at.x - goal.x, at.y - goal.y) / 2
    const radius = Math.min(corner, half(before), half(after))
    return `L${towards(at, before, radius)}Q${round(at.x)} ${round(at.y)} ${towards(at, after, radius)}`
  })
  return `M${round(first.x)} ${round(first.y)}${bends.join('')}L${round(last.x)} ${round(last.y)}`
}

/** A tidy way in a lane, its middle, and the half from there on. */
export const lanePath = (
  from: Place,
  to: Place,
  lane: { x1: number; y: number; x2: number },
): { path: string; middle: Place; second: string } => {
  const middle = { x: round((lane.x1 + lane.x2) / 2), y: round(lane.y) }
  const end = [{ x: lane.x2, y: lane.y }, { x: lane.x2, y: to.y }, to]
  return {
    path: rounded([from, { x: lane.x1, y: from.y }, { x: lane.x1, y: lane.y }, ...end]),
    middle,
    second: rounded([middle, ...end]),
  }
}

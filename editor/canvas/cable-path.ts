type Place = { x: number; y: number }

/** How far a cable runs straight out of its jack before it bends, in pixels. */
const reach = (from: Place, to: Place): number => {
  const ahead = to.x - from.x
  if (ahead >= 0) return Math.max(26, Math.min(110, ahead * 0.5))
  // A cable that runs back leaves in a wider bow, so that it does not hide under its own nodes.
  return Math.min(180, 60 + Math.abs(ahead) * 0.3)
}

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

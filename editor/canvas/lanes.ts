import type { Edge } from '#runtime/pipeline/document.ts'
import { splitRef } from '../document/rules.ts'
import { edgeId } from '../document/wires.ts'

/** A node as it stands, with the heights of its ports. */
export type Box = {
  id: string
  left: number
  top: number
  right: number
  bottom: number
  inputs: ReadonlyMap<string, number>
  outputs: ReadonlyMap<string, number>
}
/** The way of a cable that would else pass behind a node: out to `x1`, along `y`, in from `x2`. */
export type Lane = { x1: number; y: number; x2: number }

/** Distance of a lane from the nodes it passes, between lanes, and of an upright from its jack, in pixels. */
const gap = 20
const pitch = 10
const stand = 18

type Way = { id: string; from: Box; to: Box; start: number; end: number; outAt: number; inAt: number }

const wayOf = (edge: Edge, boxes: ReadonlyMap<string, Box>): Way | undefined => {
  const [source, target] = [splitRef(edge.from), splitRef(edge.to)]
  const [from, to] = [boxes.get(source.node), boxes.get(target.node)]
  const start = from?.outputs.get(source.port)
  const end = to?.inputs.get(target.port)
  if (!from || !to || start === undefined || end === undefined) return undefined
  const outAt = [...from.outputs.keys()].indexOf(source.port)
  const inAt = [...to.inputs.keys()].indexOf(target.port)
  return { id: edgeId(edge), from, to, start, end, outAt, inAt }
}

/** Nodes that the free curve would run behind: roughly the band between its two ends. */
const inTheWay = (way: Way, boxes: readonly Box[]): Box[] => {
  const [left, right] = [way.from.right, way.to.left]
  return boxes.filter((box) => {
    if (box === way.from || box === way.to || box.right <= left || box.left >= right) return false
    // Where along the way the node stands decides how high the curve is there.
    const share = Math.min(1, Math.max(0, ((box.left + box.right) / 2 - left) / (right - left)))
    const bend = share * share * (3 - 2 * share)
    const height = way.start + (way.end - way.start) * bend
    return height > box.top - 6 && height < box.bottom + 6
  })
}

/** The nearest height at which a level stretch passes all nodes between `x1` and `x2`. */
const freeHeight = (x1: number, x2: number, near: number, boxes: readonly Box[]): number => {
  const between = boxes.filter((box) => box.right > x1 - gap && box.left < x2 + gap)
  const blocked = (y: number) => between.some((box) => y > box.top - gap && y < box.bottom + gap)
  const heights = between.flatMap((box) => [box.top - gap, box.bottom + gap]).filter((y) => !blocked(y))
  return heights.sort((a, b) => Math.abs(a - near) - Math.abs(b - near))[0] ?? near
}

/**
 * Lanes for the cables that would pass behind a node; all others stay free curves. Cables of one output share a lane, lanes
 * that overlap stand beside each other.
 */
export const lanesFor = (edges: readonly Edge[], standing: readonly Box[]): ReadonlyMap<string, Lane> => {
  const boxes = new Map(standing.map((box) => [box.id, box]))
  const lanes = new Map<string, Lane>()
  const taken: (Lane & { source: string })[] = []
  for (const edge of edges) {
    const way = wayOf(edge, boxes)
    if (!way || way.to.left - way.from.right < 2 * stand || inTheWay(way, standing).length === 0) continue
    const x1 = way.from.right + stand + way.outAt * pitch
    const x2 = way.to.left - stand - way.inAt * pitch
    const near = (way.start + way.end) / 2
    const wanted = freeHeight(x1, x2, near, standing)
    const away = wanted >= near ? 1 : -1
    let y = wanted
    const isTaken = () =>
      taken.some((lane) => lane.source !== edge.from && Math.abs(lane.y - y) < pitch && lane.x1 < x2 && lane.x2 > x1)
    while (isTaken()) y += away * pitch
    const lane = { x1, y, x2 }
    taken.push({ ...lane, source: edge.from })
    lanes.set(way.id, lane)
  }
  return lanes
}

import type { CSSProperties } from 'react'
import type { Point } from '../document/edits.ts'
import type { OpenEnd, PaletteState } from '../document/view-store.ts'

/** From a node's top to the middle of its first port row, and half a usual width. */
export const firstPort = 49

const snap = (value: number) => Math.round(value / 10) * 10

/** Where a new node's corner goes so that its first jack, or its middle, lies under the pointer. */
export const placeForNew = ([x, y]: Point, side?: OpenEnd['side']): Point => {
  if (side === 'output') return [snap(x), snap(y - firstPort)]
  if (side === 'input') return [snap(x - 184), snap(y - firstPort)]
  return [snap(x - 92), snap(y - 18)]
}

/** Where a node is read from its edge id; `>` is no part of a port's name. */
export const readEdgeId = (id: string): { from: string; to: string } => {
  const [from = '', to = ''] = id.split('>')
  return { from, to }
}

/** The cable under a pointer event's target, as an open end that takes a node onto it. */
export const edgeUnder = (target: EventTarget | null): OpenEnd | undefined => {
  const id = target instanceof Element ? target.closest('.react-flow__edge')?.getAttribute('data-id') : undefined
  return id ? { side: 'edge', ...readEdgeId(id) } : undefined
}

const paletteSize: Point = [264, 440]

/** At the pointer, but within the canvas; without a pointer above "Add node". */
export const paletteAt = (palette: PaletteState | undefined, frame: HTMLElement | null): CSSProperties => {
  const box = frame?.getBoundingClientRect()
  if (!palette?.at || !box) return { bottom: 60, left: '50%', width: paletteSize[0], marginLeft: -paletteSize[0] / 2 }
  const [x, y] = [palette.at[0] - box.x, palette.at[1] - box.y]
  const left = Math.max(8, Math.min(x, box.width - paletteSize[0] - 8))
  // Near the lower edge it opens upwards, so that its search field stays where the eyes are.
  const room = box.height - y
  return room < Math.min(paletteSize[1], box.height) && y > room
    ? { left, bottom: Math.max(8, room), maxHeight: y - 8 }
    : { left, top: Math.max(8, y), maxHeight: Math.max(200, room - 8) }
}

/** Room that a few words and a button take. */
const wordsSize: Point = [264, 104]

/** Below a node, or above it where there is no room: what stands there covers none of its ports, which are needed next. */
export const placeBeside = (node: string, at: Point, frame: HTMLElement | null): CSSProperties => {
  const box = frame?.getBoundingClientRect()
  if (!box) return {}
  const of = frame?.querySelector(`[data-node="${CSS.escape(node)}"]`)?.getBoundingClientRect()
  const [left, top, bottom] = of ? [of.left, of.top, of.bottom] : [at[0], at[1], at[1]]
  const x = Math.max(8, Math.min(left - box.x, box.width - wordsSize[0] - 8))
  return bottom + 8 + wordsSize[1] <= box.bottom
    ? { left: x, top: bottom - box.y + 8 }
    : { left: x, bottom: Math.max(8, box.bottom - top + 8) }
}

import { memo } from 'react'
import { useStore } from 'zustand'
import { nodesById, useDesk, useDocument, useView, useWiredEdge } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { cn } from '../ui/cn.ts'
import { kindClass } from '../ui/kind-jack.tsx'
import { cablePath, casingDashes, lanePath, secondHalf } from './cable-path.ts'
import type { CableProps } from './flow.tsx'

/** What flows through a cable at the moment: nothing yet, something now, or it is over. */
const useFlowing = (from: string, to: string): 'idle' | 'running' | 'dim' => {
  const desk = useDesk()
  return useStore(desk.live, ({ run }) => {
    if (!run) return 'idle'
    const source = run.nodes[from]
    const target = run.nodes[to]
    const isActive = run.endedAt === undefined
    const isNow = isActive && target !== undefined && !target.ended && target.status !== 'skipped'
    if (isNow && source) return 'running'
    const isSilent =
      source?.status === 'skipped' ||
      source?.status === 'failed' ||
      (target?.status === 'skipped' && source !== undefined)
    return isSilent ? 'dim' : 'idle'
  })
}

const Arrow = ({ at }: { at: { x: number; y: number } }) => (
  <g className="mark" transform={`translate(${at.x - 9} ${at.y - 9})`}>
    <rect width="18" height="18" rx="5" />
    <path d="M5 9h8M10 6l3 3-3 3" />
  </g>
)

export const Cross = ({ at }: { at: { x: number; y: number } }) => (
  <g className="cross" transform={`translate(${at.x - 8} ${at.y - 8})`}>
    <circle cx="8" cy="8" r="8" />
    <path d="m5.2 5.2 5.6 5.6M10.8 5.2l-5.6 5.6" />
  </g>
)

/** A wire of the document, in the colour of what leaves its source. */
export const Cable = memo(({ id, from, to, selected }: CableProps) => {
  const [source = '', target = ''] = id.split('>')
  const ends = [splitRef(source).node, splitRef(target).node] as const
  const wired = useWiredEdge(id)
  const flowing = useFlowing(...ends)
  const isOff = useDocument((document) => {
    const nodes = nodesById(document)
    return Boolean(nodes.get(ends[0])?.disabled || nodes.get(ends[1])?.disabled)
  })
  const hover = useView((view) =>
    view.hoveredEdge === undefined ? 'none' : view.hoveredEdge === id ? 'this' : 'other',
  )
  const lane = useView((view) => view.lanes.get(id))
  if (!wired) return null
  const { path, middle, second } = lane
    ? lanePath(from, to, lane)
    : { ...cablePath(from, to), second: secondHalf(from, to) }
  const isChanged = wired.fit === 'coerced' && wired.toKind !== 'any'
  const isRendered = wired.fit === 'rendered'
  return (
    <g
      className={cn('cable', kindClass(wired.kind), {
        items: wired.items && !wired.broken,
        selected,
        hovered: hover === 'this' && !selected,
        dim: flowing === 'dim' || (hover === 'other' && !selected),
        off: isOff && !wired.broken,
        refused: wired.broken,
      })}
    >
      <path className="touch" d={path} />
      {/* Selected, the casing is an outline and runs from end to end. */}
      <path
        className="casing"
        d={path}
        {...(!selected && { pathLength: 1, strokeDasharray: casingDashes(from, to, lane) })}
      />
      <path className="core" d={path} />
      {(isChanged || isRendered) && <path className={cn('core', kindClass(wired.toKind))} d={second} />}
      {wired.items && !wired.broken && <path className="gap" d={path} />}
      {flowing === 'running' && !isOff && <path className="beads" d={path} />}
      {(isChanged || isRendered) && <Arrow at={middle} />}
      {wired.broken && <Cross at={middle} />}
    </g>
  )
})

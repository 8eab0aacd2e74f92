import { useMemo } from 'react'
import type { CatalogueEntry } from '#nodes/define.ts'
import { kindClass } from '../ui/kind-jack.tsx'
import { NodeIcon } from '../ui/node-icon.tsx'
import { type Picture, pictureOf, type Shape } from './picture.ts'

type MiniPictureProps = {
  shape: Shape
  catalogue: ReadonlyMap<string, CatalogueEntry>
  width?: number
  height?: number
  /** The colour behind it, for the gap in double cables. */
  ground?: string
}

/** Below this a plate is a coloured dot. */
const smallestIcon = 13

type Placed = { x: number; y: number }

/** Scales the canvas into the box and finds the plates' size: as large as their nearest neighbours allow. */
const place = ({ nodes }: Picture, width: number, height: number) => {
  const xs = nodes.map((node) => node.x)
  const ys = nodes.map((node) => node.y)
  const left = Math.min(...xs)
  const top = Math.min(...ys)
  const spanX = Math.max(...xs) - left
  const spanY = Math.max(...ys) - top
  const roomX = Math.min(24, width * 0.08)
  const roomY = Math.min(19, height * 0.25)
  const scaleX = spanX ? Math.min(72 / 240, (width - 2 * roomX) / spanX) : 0
  const scaleY = spanY ? Math.min(scaleX || 1, (height - 2 * roomY) / spanY) : 0
  const at = new Map<string, Placed>(
    nodes.map((node) => [
      node.id,
      { x: width / 2 + (node.x - left - spanX / 2) * scaleX, y: height / 2 + (node.y - top - spanY / 2) * scaleY },
    ]),
  )
  const points = [...at.values()]
  const gaps = points.flatMap((a, i) =>
    points.slice(i + 1).map((b) => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))),
  )
  const closest = Math.min(Number.POSITIVE_INFINITY, ...gaps)
  const plate = Math.max(5, Math.min(30, height * 0.62, closest - Math.min(6, closest * 0.28)))
  return { at, plate }
}

const curve = (from: Placed, to: Placed, plate: number) => {
  const [x0, x1] = [from.x + plate / 2, to.x - plate / 2]
  const bend = Math.max(8, Math.abs(x1 - x0) * 0.5)
  return `M${x0} ${from.y}C${x0 + bend} ${from.y} ${x1 - bend} ${to.y} ${x1} ${to.y}`
}

/** A pipeline as the canvas shows it from far away. Decoration: its name stands beside it. */
export const MiniPicture = ({
  shape,
  catalogue,
  width = 300,
  height = 106,
  ground = 'var(--sunken)',
}: MiniPictureProps) => {
  const picture = useMemo(() => pictureOf(shape, catalogue), [shape, catalogue])
  const { at, plate } = useMemo(() => place(picture, width, height), [picture, width, height])
  const icon = plate * 0.54
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      fill="none"
      aria-hidden
      className="max-w-full"
    >
      {picture.cables.map(({ from, to, kind, items }, index) => {
        const d = curve(at.get(from) as Placed, at.get(to) as Placed, plate)
        return (
          <g key={index} className={kindClass(kind)}>
            <path d={d} stroke="var(--k)" strokeWidth={items ? 4.5 : 1.8} />
            {items && <path d={d} stroke={ground} strokeWidth="1.7" />}
          </g>
        )
      })}
      {picture.nodes.map((node) => {
        const { x, y } = at.get(node.id) as Placed
        return (
          <g key={node.id} className={kindClass(node.kind)} transform={`translate(${x - plate / 2} ${y - plate / 2})`}>
            <rect width={plate} height={plate} rx={plate * 0.27} fill="var(--node)" stroke="var(--edge)" />
            <rect
              x="1"
              y="1"
              width={plate - 2}
              height={plate - 2}
              rx={plate * 0.23}
              fill="var(--k)"
              opacity={plate < smallestIcon ? 0.32 : 0.12}
            />
            {plate >= smallestIcon && (
              <NodeIcon
                icon={node.icon}
                x={(plate - icon) / 2}
                y={(plate - icon) / 2}
                width={icon}
                height={icon}
                color="var(--k)"
              />
            )}
          </g>
        )
      })}
    </svg>
  )
}

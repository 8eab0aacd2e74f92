import type { Kind } from '#nodes/ports.ts'
import { cn } from './cn.ts'
import { kindClass } from './kind-jack.tsx'
import { NodeIcon } from './node-icon.tsx'

type NodeTileProps = {
  icon: string
  /** Of the main output: a node wears the colour of what it puts out. */
  kind: Kind
  /** 22 on nodes and in rows, 28 in headings. */
  size?: 22 | 28
  className?: string
}

export const NodeTile = ({ icon, kind, size = 22, className }: NodeTileProps) => (
  <span
    className={cn(
      'tile',
      kindClass(kind),
      size === 22 ? 'size-[22px] rounded-[6px]' : 'size-7 rounded-[7px]',
      className,
    )}
  >
    <NodeIcon icon={icon} className={size === 22 ? 'size-3.5' : 'size-4'} strokeWidth={size === 22 ? 2 : 1.75} />
  </span>
)

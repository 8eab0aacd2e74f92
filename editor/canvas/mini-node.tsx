import { useNode, useNodeRun, useOutdated, useView } from '../document/desk.ts'
import { cn } from '../ui/cn.ts'

type MiniNodeProps = { id: string; x: number; y: number; width: number; height: number }

/** A node on the minimap: ink selected, lime live, red failed. */
export const MiniNode = ({ id, x, y, width, height }: MiniNodeProps) => {
  const run = useNodeRun(id)
  const outdated = useOutdated(id)
  const selected = useView((view) => view.nodes.has(id))
  const disabled = useNode(id)?.disabled
  const isLive = run && !run.ended
  return (
    <rect
      className={cn(
        'mini-node',
        (disabled || run?.status === 'skipped') && 'quiet',
        isLive && 'live',
        run?.status === 'failed' && !outdated && 'failed',
        selected && 'selected',
      )}
      x={x}
      y={y}
      width={width}
      height={height}
      rx={16}
      strokeWidth={isLive ? 8 : 0}
    />
  )
}

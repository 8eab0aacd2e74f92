import { cn } from './cn.ts'

/** The points of a line through `values`, in a box of `width` × `height`, highest value on top. */
export const linePoints = (values: readonly number[], width: number, height: number): string => {
  const known = values.filter(Number.isFinite)
  const low = Math.min(...known)
  const range = Math.max(...known) - low
  return known
    .map((value, at) => {
      const x = known.length === 1 ? width : (at * width) / (known.length - 1)
      // A line that goes nowhere stands in the middle.
      const y = range === 0 ? height / 2 : height - ((value - low) / range) * height
      return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`
    })
    .join(' ')
}

type SparklineProps = { values: readonly number[]; width?: number; height?: number; className?: string }

/** How a figure went so far, drawn small. The figure itself stands beside it. */
export const Sparkline = ({ values, width = 88, height = 24, className }: SparklineProps) => {
  if (values.length < 2) return null
  return (
    <svg
      aria-hidden
      viewBox={`-1 -2 ${width + 4} ${height + 4}`}
      width={width + 4}
      height={height + 4}
      className={cn('shrink-0 overflow-visible', className)}
    >
      <polyline
        points={linePoints(values, width, height)}
        fill="none"
        stroke="var(--k)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}

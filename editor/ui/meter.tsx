import type { CSSProperties } from 'react'
import { cn } from './cn.ts'

type MeterProps = {
  /** 0 to 1. Left out: no known end. */
  done?: number
  /** 0 to 1: the part after `done` that failed. */
  failed?: number
  /** What is measured, for those who hear the page. */
  name: string
  /** Grey: past, not live. */
  quiet?: boolean
  /** Length of a segment with its gap, in px. */
  segment?: number
  className?: string
}

/** The house mark: progress as a row of small segments. There is no spinner and no solid bar anywhere. */
export const Meter = ({ done, failed = 0, name, quiet, segment = 6, className }: MeterProps) => {
  const percent = done === undefined ? undefined : Math.round(Math.min(1, Math.max(0, done)) * 1000) / 10
  const style = {
    '--p': `${percent ?? 0}%`,
    '--f': `${(percent ?? 0) + failed * 100}%`,
    '--seg': `${segment}px`,
  } as CSSProperties
  return (
    <div
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === undefined ? undefined : Math.round(percent)}
      className={cn('meter', quiet && 'quiet', percent === undefined && 'endless', className)}
      style={style}
    />
  )
}

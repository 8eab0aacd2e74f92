export type Tick = { /** 0 to 1 along the axis. */ at: number; label: string }
export type TimeAxis = { /** Milliseconds from left to right. */ length: number; ticks: Tick[] }

const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  1_800_000, 3_600_000,
]

const label = (ms: number, step: number, length: number, isFirst: boolean): string => {
  if (ms === 0) return '0'
  if (step < 1_000 && length < 1_000) return isFirst ? `${ms} ms` : String(ms)
  if (step < 60_000) return isFirst ? `${ms / 1_000} s` : String(ms / 1_000)
  const minutes = Math.round(ms / 60_000)
  return `${Math.floor(minutes / 60) > 0 ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}` : minutes}${isFirst ? ' min' : ''}`
}

/** A time axis with at most seven round steps. The unit stands at the first mark only. */
export const timeAxis = (total: number): TimeAxis => {
  const length = Math.max(total, 1)
  const step = steps.find((candidate) => length / candidate <= 7) ?? Math.ceil(length / 7 / 3_600_000) * 3_600_000
  const count = Math.floor(length / step)
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    at: (index * step) / length,
    label: label(index * step, step, length, index === 1),
  }))
  return { length, ticks }
}

/** Where a stretch of time lies on the axis, in percent. */
export const stretch = (from: number, to: number, axis: TimeAxis): { left: string; width: string } => {
  const left = Math.min(100, Math.max(0, (from / axis.length) * 100))
  const width = Math.min(100 - left, Math.max(0, ((to - from) / axis.length) * 100))
  return { left: `${left.toFixed(3)}%`, width: `${width.toFixed(3)}%` }
}

/** The value below which a share of the sorted numbers lies. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0

import type { PipelineSummary } from '#server/api.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'

const places = 24
type LastRun = PipelineSummary['lastRuns'][number]

const colour = (run: LastRun | undefined) => {
  switch (run?.status) {
    case undefined:
      return 'bg-line'
    case 'succeeded':
      return 'bg-ink-3'
    case 'failed':
      return 'bg-fail'
    case 'cancelled':
      return 'bg-ui'
    case 'waiting':
      return 'bg-wait'
    default:
      return 'bg-live'
  }
}

/** The last 24 runs as a row of segments, newest at the right. */
export const RunStrip = ({ runs }: { runs: readonly LastRun[] }) => {
  const t = useT()
  const newest = runs.slice(0, places)
  const failed = newest.filter((run) => run.status === 'failed').length
  const row = Array.from({ length: places }, (_, index) => newest[places - 1 - index])
  return (
    <span role="img" aria-label={t('home.strip', { count: newest.length, failed })} className="flex h-3.5 gap-0.5">
      {row.map((run, index) => (
        <span key={run?.id ?? `empty-${index}`} className={cn('w-[3px]', colour(run))} />
      ))}
    </span>
  )
}

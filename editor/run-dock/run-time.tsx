import { duration } from '../i18n/format.ts'
import { useNow } from '../runs/use-now.ts'
import type { LiveRun } from './live-run.ts'

/** How long the run took, or takes until now. */
export const RunTime = ({ run }: { run: Pick<LiveRun, 'startedAt' | 'endedAt'> }) => {
  const now = useNow(run.startedAt !== undefined && run.endedAt === undefined)
  if (run.startedAt === undefined) return <span>–</span>
  return <span>{duration(Math.max(0, (run.endedAt ?? now) - run.startedAt))}</span>
}

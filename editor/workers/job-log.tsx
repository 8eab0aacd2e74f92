import { useEffect, useMemo } from 'react'
import { useJobEvents } from '../api/jobs.ts'
import { moment } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { metricValue } from '../ui/metric-words.ts'
import { PanelPart } from '../ui/panel.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { reportOf } from './job-events.ts'

const tones = { info: 'text-ink-2', warn: 'text-wait', error: 'text-fail' } as const

/** Events that are fetched unasked, so that the curve goes up to now; a log beyond is read on by hand. */
const unasked = 2_000

/** The loss so far, and what the workers of a job wrote. */
export const JobLog = ({ job, live }: { job: string; live: boolean }) => {
  const t = useT()
  const { language } = useLanguage()
  const { items, error, refetch, hasMore, more, isLoadingMore } = useJobEvents(job, live)
  useEffect(() => {
    if (hasMore && !isLoadingMore && !error && items.length < unasked) more()
  }, [hasMore, isLoadingMore, error, items.length, more])
  const { lines, loss } = useMemo(() => reportOf(items), [items])
  const first = loss[0]
  const last = loss.at(-1)
  return (
    <>
      {first !== undefined && last !== undefined && loss.length > 1 && (
        <PanelPart
          title={t('ui.metric-loss')}
          aside={<span className="num">{`${metricValue(first)} → ${metricValue(last)}`}</span>}
        >
          <div className="k-serve pt-1">
            <Sparkline values={loss} width={300} height={72} className="w-full" />
          </div>
        </PanelPart>
      )}
      <PanelPart title={t('workers.log')}>
        {error && items.length === 0 && <ErrorState error={error} onRetry={refetch} />}
        {!error && lines.length === 0 && <p className="text-ink-3">{t('workers.no-log')}</p>}
        <ol className="num text-[11px]/[17px]">
          {lines.map((line) => (
            <li key={line.key} className="flex gap-2" title={moment(line.at, language)}>
              <span className="shrink-0 text-ink-3">{new Date(line.at).toTimeString().slice(0, 8)}</span>
              {line.form === 'log' ? (
                <span className={`min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere] ${tones[line.level]}`}>
                  {line.message}
                </span>
              ) : (
                <span className="text-ink-3">{t('workers.checkpoint')}</span>
              )}
            </li>
          ))}
        </ol>
        {hasMore && (
          <Button size="small" className="mt-2" disabled={isLoadingMore} onClick={more}>
            {t('workers.more-log')}
          </Button>
        )}
      </PanelPart>
    </>
  )
}

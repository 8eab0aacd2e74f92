import type { Report } from '#nodes/ports.ts'
import { useT } from '../i18n/index.tsx'

const two = (value: number) => value.toFixed(2)

/** Many scores as one mean with its interval. Uncertainty is always drawn. */
export const ReportView = ({ report }: { report: Report }) => {
  const t = useT()
  const { mean, low, high, method, n, holes, passed, histogram } = report
  const bounded = method !== 'none'
  const top = Math.max(1, ...histogram)
  return (
    <div className="k-judge flex flex-col gap-3">
      <div className="flex items-baseline gap-2.5">
        <span className="num text-figure font-medium">{two(mean)}</span>
        {bounded && (
          <span className="num text-small text-ink-3">
            {two(low)}–{two(high)}
          </span>
        )}
        <span className="text-small text-ink-2">
          {passed === undefined ? t('ui.report-count', { count: n }) : t('ui.report-passed', { passed, count: n })}
          {holes > 0 && ` · ${t('ui.report-holes', { count: holes })}`}
        </span>
      </div>
      <svg viewBox="0 0 200 14" className="h-3.5 w-full" preserveAspectRatio="none" aria-hidden>
        <line x1="0" x2="200" y1="7" y2="7" stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        {bounded && (
          <line
            x1={low * 200}
            x2={high * 200}
            y1="7"
            y2="7"
            stroke="var(--k)"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
        )}
        <line
          x1={mean * 200}
          x2={mean * 200}
          y1="1"
          y2="13"
          stroke="var(--ink)"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div aria-hidden className="flex h-12 items-end gap-1">
        {histogram.map((count, at) => (
          <span key={String(at)} className="min-h-px flex-1 bg-k" style={{ height: `${(count / top) * 100}%` }} />
        ))}
      </div>
      <div className="num -mt-2 flex justify-between text-[11px] text-ink-3">
        <span>0</span>
        <span>1</span>
      </div>
    </div>
  )
}

import { Link } from 'wouter'
import type { Kind } from '#nodes/ports.ts'
import { useT } from '../i18n/index.tsx'
import { type Sketch, sketchOf } from './value-sketch.ts'

/** A value in the few lines that a node has room for. */
export const ValuePreview = ({ kind, value }: { kind: Kind; value: unknown }) => {
  const t = useT()
  const sketch: Sketch = sketchOf(kind, value)
  switch (sketch.form) {
    case 'empty':
      return <span className="text-ink-3">{t('canvas.empty-value')}</span>
    case 'text':
      return <div className="lines">{sketch.text}</div>
    case 'figure':
      return <div className="num text-figure font-medium text-ink">{sketch.text}</div>
    case 'passages':
      return (
        <div className="flex flex-col">
          {sketch.rows.map((row) => (
            <div key={row.key} className="flex gap-1.5">
              <span className="min-w-0 flex-1 truncate">{row.text}</span>
              {row.score !== undefined && <span className="num text-micro leading-[17px]">{row.score}</span>}
            </div>
          ))}
          {sketch.more > 0 && <div className="text-ink-3">{t('canvas.more-rows', { count: sketch.more })}</div>}
        </div>
      )
    case 'score':
      return (
        <div className="flex items-baseline gap-2">
          <span className="num text-figure font-medium text-ink">{sketch.value}</span>
          {sketch.passed !== undefined && <span>{t(sketch.passed ? 'canvas.passed' : 'canvas.not-passed')}</span>}
          {sketch.reason && <span className="min-w-0 flex-1 truncate">{sketch.reason}</span>}
        </div>
      )
    case 'report':
      return (
        <div className="flex items-end gap-2.5">
          <div>
            <div className="num text-figure font-medium leading-[22px] text-ink">{sketch.mean}</div>
            <div className="num text-micro text-ink-3">{sketch.interval}</div>
          </div>
          <svg aria-hidden width="92" height="34" className="k-judge ml-auto" viewBox="0 0 92 34">
            {sketch.bars.map((height, at) => (
              <rect
                // Bars are a fixed row of bins.
                key={String(at)}
                x={(at * 92) / sketch.bars.length}
                y={34 - Math.max(1, height * 33)}
                width={Math.max(2, 92 / sketch.bars.length - 4)}
                height={Math.max(1, height * 33)}
                fill="var(--k)"
              />
            ))}
          </svg>
        </div>
      )
    case 'link':
      return (
        <Link
          href={sketch.path}
          className="num nodrag block truncate text-small text-ink underline underline-offset-2"
          title={sketch.text}
        >
          {sketch.text}
        </Link>
      )
    case 'json':
      return <div className="lines json">{sketch.text}</div>
  }
}

import { useT } from '../i18n/index.tsx'
import { metricName, metricValue } from '../ui/metric-words.ts'
import { Sparkline } from '../ui/sparkline.tsx'
import type { NodeRun } from './live-run.ts'

const shown = ['loss', 'rate', 'tokensPerSecond'] as const
type StepMetricsProps = { run: NodeRun; width?: number; height?: number }

/** What a long step measures: the loss with its line, the rest as figures. Nothing to say, nothing drawn. */
export const StepMetrics = ({ run: { metrics, loss = [] }, width, height }: StepMetricsProps) => {
  const t = useT()
  if (!metrics) return null
  const first = metrics['loss'] === undefined ? Object.keys(metrics).find((name) => !/^steps?$/.test(name)) : 'loss'
  const value = first === undefined ? undefined : metrics[first]
  if (first === undefined || value === undefined) return null
  const others = shown.flatMap((name) => {
    const other = metrics[name]
    return name === first || other === undefined ? [] : [[name, other] as const]
  })
  return (
    <div className="k-serve">
      <div className="flex items-end gap-2.5">
        <div className="min-w-0">
          <div className="text-micro text-ink-3">{metricName(first, t)}</div>
          <div className="num text-figure font-medium leading-[22px] text-ink">{metricValue(value)}</div>
        </div>
        <span className="ml-auto">
          <Sparkline values={loss} {...(width !== undefined && { width })} {...(height !== undefined && { height })} />
        </span>
      </div>
      {others.length > 0 && (
        <div className="mt-1 flex flex-wrap gap-x-2.5 text-micro text-ink-3">
          {others.map(([name, other]) => (
            <span key={name}>
              {metricName(name, t)} <span className="num text-ink-2">{metricValue(other)}</span>
            </span>
          ))}
        </div>
      )}
    </div>
  )
}

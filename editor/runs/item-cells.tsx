import { useMemo } from 'react'
import { useSteps } from '../api/runs.ts'
import { duration } from '../i18n/format.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { quantile } from './time-axis.ts'
import { placeOf } from './words.ts'

type ItemCellsProps = {
  run: string
  node: string
  name: string
  selected: readonly number[] | undefined
  onSelect: (path: readonly number[]) => void
}

/** The first 200 items of a mapped node in one look: darker is slower, red failed. */
export const ItemCells = ({ run, node, name, selected, onSelect }: ItemCellsProps) => {
  const t = useT()
  const { items: steps } = useSteps(run, node)
  const sorted = useMemo(() => steps.map((step) => step.ms).sort((a, b) => a - b), [steps])
  if (steps.length < 2) return null
  const slow = quantile(sorted, 0.95)
  const middle = quantile(sorted, 0.5)
  const shade = (ms: number) => (ms >= slow ? 'opacity-100' : ms >= middle ? 'opacity-70' : 'opacity-35')
  return (
    <section aria-label={t('runs.item-by-item', { node: name })} className="px-4 py-[18px]">
      <div className="mb-[9px] flex justify-between text-small">
        <h2 className="font-semibold">{t('runs.item-by-item', { node: name })}</h2>
        <span className="text-ink-3">{t('runs.darker-slower')}</span>
      </div>
      <div
        className="grid gap-0.5"
        style={{ gridTemplateColumns: `repeat(${Math.min(64, steps.length)}, minmax(0, 1fr))` }}
      >
        {steps.map((step) => (
          <button
            key={step.path.join()}
            type="button"
            // Two hundred tab stops would bury what follows; the rows above reach every item by key.
            tabIndex={-1}
            aria-label={t('runs.item-took', { place: placeOf(step.path), took: duration(step.ms) })}
            onClick={() => onSelect(step.path)}
            className={cn(
              'h-[26px] min-w-0 rounded-[2px] bg-ink-3',
              shade(step.ms),
              step.status === 'failed' && 'bg-fail opacity-100',
              step.path.join() === selected?.join() && 'bg-ink opacity-100 outline-2 outline-ink outline-offset-2',
            )}
          />
        ))}
      </div>
      <div className="num mt-1.5 flex justify-between text-[11px] text-ink-3">
        <span>1</span>
        <span>
          p50 {duration(middle)} · p95 {duration(slow)}
        </span>
        <span>{steps.length}</span>
      </div>
    </section>
  )
}

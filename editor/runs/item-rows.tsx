import { useState } from 'react'
import type { StepRecord } from '#server/api.ts'
import { useSteps } from '../api/runs.ts'
import { duration } from '../i18n/format.ts'
import { useT } from '../i18n/index.tsx'
import { useRunErrorWords } from '../problems/run-error-words.ts'
import type { Items } from '../run-dock/live-run.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/cn.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { StatusGlyph } from '../ui/status-glyph.tsx'
import { valueText } from '../ui/value-view.tsx'
import { stretch, type TimeAxis } from './time-axis.ts'
import { placeOf } from './words.ts'

type ItemRowsProps = {
  run: string
  node: string
  /** Counts while the map goes on: items are listed when they are done. */
  live: Items | undefined
  axis: TimeAxis
  start: number
  selected: readonly number[] | undefined
  onSelect: (path: readonly number[]) => void
}

const firstShown = 8
const same = (a: readonly number[], b: readonly number[] | undefined) => a.join() === b?.join()
/** The item in a few words: what it put out, or why it failed. */
const gist = (step: StepRecord, words: ReturnType<typeof useRunErrorWords>): string => {
  if (step.error) return words(step.error).what
  const [value] = Object.values(step.outputs ?? {})
  return valueText(value).slice(0, 200)
}

/** The items of a mapped node, by position. */
export const ItemRows = ({ run, node, live, axis, start, selected, onSelect }: ItemRowsProps) => {
  const t = useT()
  const words = useRunErrorWords()
  const [shown, setShown] = useState(firstShown)
  const steps = useSteps(run, node, !live)
  if (live) return <p className="py-2 pl-[46px] text-small text-ink-3">{t('runs.items-later', { done: live.done })}</p>
  if (steps.error) return <ErrorState error={steps.error} onRetry={steps.refetch} className="m-3" />
  const rest = steps.items.length - shown
  return (
    <>
      {steps.items.slice(0, shown).map((step) => {
        const began = step.startedAt === null ? undefined : Date.parse(step.startedAt) - start
        const isSelected = same(step.path, selected)
        return (
          <div
            key={step.path.join()}
            role="row"
            className={cn(
              'waterfall-row relative h-7 border-line border-b text-[12.5px] text-ink-2 hover:bg-hover/60',
              isSelected && 'bg-hover text-ink hover:bg-hover',
            )}
          >
            <div role="rowheader" className="flex min-w-0 items-center gap-2 pr-3 pl-[30px]">
              <span className="num w-7 shrink-0 text-[11.5px] text-ink-3">{placeOf(step.path)}</span>
              <button
                type="button"
                aria-current={isSelected}
                onClick={() => onSelect(step.path)}
                className={cn(
                  'min-w-0 truncate text-left outline-offset-3 after:absolute after:inset-0',
                  isSelected && 'font-semibold',
                  step.error && 'text-fail',
                )}
              >
                {gist(step, words) || t('ui.nothing')}
              </button>
              {step.status !== 'succeeded' && <StatusGlyph state={step.status} className="ml-auto" />}
            </div>
            <div role="cell" className="relative h-full">
              {began !== undefined && (
                <span
                  className={cn(
                    'span-bar top-2.5 h-[7px]!',
                    step.status === 'failed' && 'failed',
                    isSelected && step.status !== 'failed' && 'bg-ink',
                  )}
                  style={stretch(began, began + step.ms, axis)}
                />
              )}
            </div>
            <div role="cell" className="num text-right text-[11.5px] text-ink-3">
              {duration(step.ms)}
            </div>
          </div>
        )
      })}
      {(rest > 0 || steps.hasMore) && (
        <div role="row" className="border-line border-b py-0.5 pl-[38px]">
          <span role="cell">
            <Button
              variant="ghost"
              size="small"
              disabled={steps.isLoadingMore}
              onClick={() => {
                setShown((count) => count + 50)
                if (rest <= 50) steps.more()
              }}
            >
              {t('runs.more-items')}
            </Button>
          </span>
        </div>
      )}
    </>
  )
}

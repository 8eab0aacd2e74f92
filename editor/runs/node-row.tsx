import { ChevronRight } from 'lucide-react'
import type { CatalogueEntry } from '#nodes/define.ts'
import { nodeName } from '../canvas/node-words.ts'
import { duration } from '../i18n/format.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { StepProgress } from '../run-dock/step-progress.tsx'
import { cn } from '../ui/cn.ts'
import { NodeTile } from '../ui/node-tile.tsx'
import { StatusGlyph, stateKeys } from '../ui/status-glyph.tsx'
import type { NodeRow } from './run-view.ts'
import { useTileKind } from './tile-kinds.ts'
import { stretch, type TimeAxis } from './time-axis.ts'

type NodeRowProps = {
  row: NodeRow
  entry: CatalogueEntry | undefined
  axis: TimeAxis
  start: number
  now: number
  isOpen: boolean
  isSelected: boolean
  onSelect: () => void
  onToggle: () => void
}

const barLook = (state: NodeRow['state']) =>
  state === 'cached'
    ? 'cached'
    : state === 'failed'
      ? 'failed'
      : state === 'running' || state === 'streaming'
        ? 'running'
        : ''

/** A node's row: tile, name, count, state, its bar, its time. */
export const NodeRowView = (props: NodeRowProps) => {
  const { row, entry, axis, start, now, isOpen, isSelected, onSelect, onToggle } = props
  const { node, run, state } = row
  const t = useT()
  const local = useLocal()
  const kind = useTileKind(node.id)
  const name = nodeName(node, entry, local)
  const { items } = run ?? {}
  const began = run?.startedAt
  const length = run?.ended ? (run.ms ?? 0) : began === undefined ? 0 : Math.max(0, now - began)
  const isLive = state === 'running' || state === 'streaming'
  const counted =
    items?.total === undefined ? undefined : run?.ended ? `×${items.total}` : `${items.done}/${items.total}`
  return (
    <div
      role="row"
      className={cn(
        'waterfall-row relative h-9 border-line border-b text-[12.5px] hover:bg-hover/60',
        isSelected && 'bg-hover hover:bg-hover',
      )}
    >
      <div role="rowheader" className="flex min-w-0 items-center gap-2 pr-3">
        <NodeTile icon={entry?.icon ?? 'box'} kind={kind} />
        <button
          type="button"
          onClick={onSelect}
          aria-current={isSelected}
          className={cn(
            'min-w-0 truncate text-left outline-offset-3 after:absolute after:inset-0',
            isSelected && 'font-semibold',
          )}
        >
          {name}
        </button>
        {counted && <span className="num shrink-0 text-[11.5px] text-ink-3">{counted}</span>}
        {items && items.failed > 0 && (
          <span className="shrink-0 text-[11.5px] text-fail">{t('runs.failed-items', { count: items.failed })}</span>
        )}
        <StatusGlyph state={state} />
        {(state === 'skipped' || state === 'disabled') && (
          <span className="shrink-0 text-ink-3">{t(stateKeys[state])}</span>
        )}
        {items && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={t('runs.items-of', { node: name })}
            onClick={onToggle}
            className="relative grid size-6 shrink-0 place-items-center rounded-[6px] text-ink-3 hover:bg-hover hover:text-ink"
          >
            <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', isOpen && 'rotate-90')} />
          </button>
        )}
      </div>
      <div role="cell" className="relative h-full">
        {began !== undefined && (
          <span
            className={cn('span-bar top-[13px] h-2.5!', barLook(state))}
            style={stretch(began - start, began - start + length, axis)}
          />
        )}
        {isLive && run && (run.doneAt !== undefined || run.note !== undefined) && (
          <span className="lane-progress">
            <StepProgress run={run} />
          </span>
        )}
      </div>
      <div role="cell" className="num text-right text-[11.5px] text-ink-3">
        {began === undefined || state === 'skipped' ? '–' : duration(length)}
      </div>
    </div>
  )
}

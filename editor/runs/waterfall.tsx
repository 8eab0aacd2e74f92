import { Fragment, useMemo, useState } from 'react'
import type { RunDetail } from '#server/api.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import type { LiveRun } from '../run-dock/live-run.ts'
import { ItemRows } from './item-rows.tsx'
import { NodeRowView } from './node-row.tsx'
import type { NodeRow, Selection } from './run-view.ts'
import { timeAxis } from './time-axis.ts'
import { useNow } from './use-now.ts'

type WaterfallProps = {
  detail: RunDetail
  run: LiveRun
  rows: readonly NodeRow[]
  catalogue: CatalogueMap
  selection: Selection | undefined
  onSelect: (selection: Selection) => void
}

/** One row per node on a shared time axis; a mapped node opens into its items. */
export const Waterfall = ({ detail, run, rows, catalogue, selection, onSelect }: WaterfallProps) => {
  const t = useT()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const goesOn = run.endedAt === undefined && run.startedAt !== undefined
  const now = useNow(goesOn)
  const start = run.startedAt ?? now
  const axis = useMemo(() => timeAxis((run.endedAt ?? now) - start), [run.endedAt, now, start])
  const toggle = (node: string) =>
    setOpen((before) => {
      const next = new Set(before)
      if (!next.delete(node)) next.add(node)
      return next
    })
  return (
    <div className="waterfall relative bg-panel" role="table" aria-label={t('runs.steps')}>
      <div
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-[94px] left-[308px] max-wide:left-[248px]"
      >
        {axis.ticks.map((tick) => (
          <span key={tick.at} className="absolute inset-y-0 w-px bg-line" style={{ left: `${tick.at * 100}%` }} />
        ))}
      </div>
      <div role="row" className="waterfall-row h-[26px] border-line border-b">
        <span role="columnheader">
          <span className="sr-only">{t('runs.node')}</span>
        </span>
        <span
          role="columnheader"
          aria-label={t('runs.when')}
          className="num relative h-full text-[11px]/[26px] text-ink-3"
        >
          {axis.ticks.map((tick) => (
            <span key={tick.at} className="absolute whitespace-nowrap pl-1" style={{ left: `${tick.at * 100}%` }}>
              {tick.label}
            </span>
          ))}
        </span>
        <span role="columnheader">
          <span className="sr-only">{t('runs.took')}</span>
        </span>
      </div>
      {rows.map((row) => (
        <Fragment key={row.node.id}>
          <NodeRowView
            row={row}
            entry={catalogue.get(row.node.type)}
            axis={axis}
            start={start}
            now={now}
            isOpen={open.has(row.node.id)}
            isSelected={selection?.node === row.node.id && !selection.path}
            onSelect={() => onSelect({ node: row.node.id })}
            onToggle={() => toggle(row.node.id)}
          />
          {open.has(row.node.id) && (
            <ItemRows
              run={detail.id}
              node={row.node.id}
              live={row.run?.ended ? undefined : row.run?.items}
              axis={axis}
              start={start}
              selected={selection?.node === row.node.id ? selection.path : undefined}
              onSelect={(path) => onSelect({ node: row.node.id, path })}
            />
          )}
        </Fragment>
      ))}
    </div>
  )
}

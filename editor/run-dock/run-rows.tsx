import { useMemo } from 'react'
import { useStore } from 'zustand'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { nodeState } from '../canvas/node-state.ts'
import { nodeName } from '../canvas/node-words.ts'
import { useDesk, useDocument, useLive, useNodeFindings, useNodeRun, useOutdated, useView } from '../document/desk.ts'
import { compact, duration } from '../i18n/format.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { stretch, type TimeAxis, timeAxis } from '../runs/time-axis.ts'
import { useNow } from '../runs/use-now.ts'
import { cn } from '../ui/cn.ts'
import { StatusGlyph } from '../ui/status-glyph.tsx'
import { StepProgress } from './step-progress.tsx'

type RowProps = { node: PipelineNode; axis: TimeAxis; start: number; now: number }

const Row = ({ node, axis, start, now }: RowProps) => {
  const desk = useDesk()
  const local = useLocal()
  const run = useNodeRun(node.id)
  const status = useLive((live) => live.run?.status)
  const findings = useNodeFindings(node.id)
  const selected = useView((view) => view.nodes.has(node.id))
  // The row tells what became of it in this run; only a node that the run did not know has nothing to tell.
  const isNew = useOutdated(node.id) && !run
  const state = nodeState({ node, findings, run, runStatus: status, outdated: isNew })
  const isLive = state === 'running' || state === 'streaming'
  const began = run?.startedAt
  const length = run?.ended ? (run.ms ?? 0) : began === undefined ? 0 : Math.max(0, now - began)
  const { items, usage } = run ?? {}
  const over = items ? items.done + items.failed + items.skipped : 0
  const tokens = usage ? usage.inputTokens + usage.outputTokens : 0
  return (
    <button
      type="button"
      aria-pressed={selected}
      onClick={() => desk.view.jump(node.id)}
      className={cn('dock-row', selected && 'on')}
      data-dock-row={node.id}
    >
      <StatusGlyph state={state} />
      <span className={cn('truncate text-left', selected && 'font-semibold')}>
        {nodeName(node, desk.catalogue.get(node.type), local)}
      </span>
      <span className="dock-lane">
        {began !== undefined && state !== 'skipped' && (
          <span
            className={cn('span-bar top-[9px]', {
              cached: state === 'cached',
              failed: state === 'failed',
              running: isLive,
            })}
            style={stretch(began - start, began - start + length, axis)}
          />
        )}
        {isLive && run && (run.doneAt !== undefined || run.note !== undefined) && (
          <span className="lane-progress">
            <StepProgress run={run} />
          </span>
        )}
      </span>
      <span className={cn('num', items && items.failed > 0 && 'text-fail')}>
        {items ? (items.total === undefined ? over : `${over - items.failed}/${items.total}`) : '–'}
      </span>
      <span className="num">{tokens > 0 ? `${compact(tokens)} tok` : '–'}</span>
      <span className="num">{began === undefined || state === 'skipped' ? '–' : duration(length)}</span>
    </button>
  )
}

/** One row per node, in the order of the pipeline, on one time axis. The selection is the canvas's. */
export const RunRows = () => {
  const t = useT()
  const desk = useDesk()
  const nodes = useDocument((document) => document.nodes)
  const started = useStore(desk.live, (live) => live.run?.startedAt)
  const ended = useStore(desk.live, (live) => live.run?.endedAt)
  const order = useStore(desk.live, (live) => Object.keys(live.run?.nodes ?? {}).join())
  const now = useNow(started !== undefined && ended === undefined)
  const rows = useMemo(() => {
    const began = new Map(order.split(',').map((id, at) => [id, at]))
    return nodes
      .filter((node) => !desk.catalogue.get(node.type)?.annotation)
      .map((node, at) => ({ node, rank: began.get(node.id) ?? 10_000 + at }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ node }) => node)
  }, [nodes, order, desk])
  const start = started ?? now
  const axis = timeAxis((ended ?? now) - start)
  const step = axis.ticks[1]
  return (
    <div
      className="min-h-0 flex-1 overflow-y-auto py-1"
      style={{ '--mark': step ? `${step.at * 100}%` : '100%' } as React.CSSProperties}
    >
      {rows.map((node) => (
        <Row key={node.id} node={node} axis={axis} start={start} now={now} />
      ))}
      {rows.length === 0 && <p className="px-3 py-2 text-ink-3">{t('dock.empty')}</p>}
    </div>
  )
}

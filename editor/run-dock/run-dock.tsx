import { ChevronDown, ChevronUp, ExternalLink } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useDocument, useLive } from '../document/desk.ts'
import { duration } from '../i18n/format.ts'
import { useT } from '../i18n/index.tsx'
import { timeAxis } from '../runs/time-axis.ts'
import { runPath } from '../shell/addresses.ts'
import { cn } from '../ui/cn.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import './run-dock.css'
import { RunHistory } from './run-history.tsx'
import { RunOutput } from './run-output.tsx'
import { RunRows } from './run-rows.tsx'
import type { Runner } from './runner.ts'

const tabs = ['run', 'output', 'history'] as const
type DockTab = (typeof tabs)[number]

type RunDockProps = {
  runner: Runner
  open: boolean
  onOpen: (open: boolean) => void
  problems: ReactNode
}

const Scale = () => {
  const t = useT()
  const run = useLive((live) => live.run)
  if (run?.startedAt === undefined || run.endedAt === undefined) return null
  const axis = timeAxis(run.endedAt - run.startedAt)
  const step = axis.ticks[1]
  return step ? (
    <span className="num text-micro text-ink-3">{t('dock.per-mark', { length: duration(step.at * axis.length) })}</span>
  ) : null
}

/** Below the canvas: the run node by node, its output, earlier runs; and beside it what is wrong. */
export const RunDock = ({ runner, open, onOpen, problems }: RunDockProps) => {
  const t = useT()
  const { unread } = runner
  const onShow = (run: string) => void runner.show(run)
  const [tab, setTab] = useState<DockTab>('run')
  const id = useLive((live) => live.run?.id)
  const number = useLive((live) => live.number)
  const hasNodes = useDocument((document) => document.nodes.length > 0)
  return (
    <section
      aria-label={t('dock.name')}
      className={cn(
        'grid min-w-0 grid-cols-[minmax(0,1fr)_minmax(260px,36%)] border-line border-t bg-panel',
        open ? 'h-[200px]' : 'h-9',
      )}
      data-dock
    >
      <div className="flex min-h-0 min-w-0 flex-col border-line border-r">
        <div className="dock-head">
          <div role="tablist" aria-label={t('dock.name')} className="flex items-center gap-3">
            {tabs.map((one) => (
              <button
                key={one}
                type="button"
                role="tab"
                aria-selected={tab === one && open}
                className="dock-tab"
                onClick={() => {
                  setTab(one)
                  onOpen(true)
                }}
              >
                {one === 'run' && number !== undefined ? t('dock.run-number', { number }) : t(`dock.tab-${one}`)}
              </button>
            ))}
          </div>
          <span className="flex-1" />
          {open && tab === 'run' && <Scale />}
          {id && (
            <Tooltip text={t('dock.open-run')} side="top">
              <Link
                href={runPath(id)}
                aria-label={t('dock.open-run')}
                className="grid size-6 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink"
              >
                <ExternalLink aria-hidden className="size-3.5" />
              </Link>
            </Tooltip>
          )}
          <IconButton
            name={t(open ? 'dock.collapse' : 'dock.expand')}
            size="small"
            side="top"
            onClick={() => onOpen(!open)}
          >
            {open ? <ChevronDown aria-hidden /> : <ChevronUp aria-hidden />}
          </IconButton>
        </div>
        {open && (
          <div role="tabpanel" className="flex min-h-0 flex-1 flex-col">
            {unread && (
              <ErrorState
                error={unread.error}
                onRetry={() => onShow(unread.run)}
                onClose={runner.forgetUnread}
                className="m-2 min-h-0 overflow-y-auto p-3"
              />
            )}
            {tab === 'run' && hasNodes && <RunRows />}
            {tab === 'run' && !hasNodes && <p className="px-3 py-2.5 text-small text-ink-3">{t('dock.empty')}</p>}
            {tab === 'output' && <RunOutput />}
            {tab === 'history' && <RunHistory onShow={onShow} />}
          </div>
        )}
      </div>
      {problems}
    </section>
  )
}

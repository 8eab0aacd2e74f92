import { useRuns } from '../api/runs.ts'
import { useDesk, useLive } from '../document/desk.ts'
import { compact, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { RunTook } from '../runs/run-took.tsx'
import { cn } from '../ui/cn.ts'
import { StatusGlyph, stateKeys } from '../ui/status-glyph.tsx'

/** Earlier runs of this pipeline; a click shows one on the canvas. */
export const RunHistory = ({ onShow }: { onShow: (run: string) => void }) => {
  const t = useT()
  const desk = useDesk()
  const { language } = useLanguage()
  const shown = useLive((live) => live.run?.id)
  const { items: runs } = useRuns({ pipeline: desk.id })
  if (runs.length === 0) return <p className="px-3 py-2.5 text-small text-ink-3">{t('dock.no-history')}</p>
  return (
    <div className="min-h-0 flex-1 overflow-y-auto py-1">
      {runs.map((run) => {
        const tokens = run.usage.inputTokens + run.usage.outputTokens
        return (
          <button
            key={run.id}
            type="button"
            aria-pressed={run.id === shown}
            onClick={() => onShow(run.id)}
            className={cn('dock-row', run.id === shown && 'on')}
          >
            <StatusGlyph state={run.status} silent />
            <span className="num text-left! text-ink!">#{run.number}</span>
            <span className="truncate text-ink-2">
              {t(stateKeys[run.status])} · {relativeTime(run.createdAt, language)}
              {run.id === shown && <span className="text-ink-3"> · {t('dock.shown')}</span>}
            </span>
            <span className="num">{run.version === null ? '' : `v${run.version}`}</span>
            <span className="num">{tokens > 0 ? `${compact(tokens)} tok` : '–'}</span>
            <span className="num">
              <RunTook startedAt={run.startedAt} endedAt={run.endedAt} />
            </span>
          </button>
        )
      })}
    </div>
  )
}

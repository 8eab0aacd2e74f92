import { OctagonX, X } from 'lucide-react'
import { useStore } from 'zustand'
import { isGone } from '../api/client.ts'
import { errorLine } from '../api/describe-error.ts'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import type { Runner } from './runner.ts'

/** Why no run began: it would be of an older draft than the one on screen. A conflict or a deletion speaks for itself. */
export const RunRefused = ({ runner }: { runner: Runner }) => {
  const t = useT()
  const save = useStore(useDesk().autosave.state)
  const { refused } = runner
  if (refused === undefined || refused === 'conflict' || save.status === 'conflict') return null
  if (save.status === 'refused' && isGone(save.error)) return null
  return (
    <div
      role="alert"
      data-run-refused={refused}
      className="floating absolute top-3 left-1/2 z-30 flex w-[440px] max-w-[calc(100%-32px)] -translate-x-1/2 items-start gap-3 rounded-panel bg-panel p-4 shadow-lift-3 ring ring-line"
    >
      <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0 text-fail" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{t('dock.refused-title')}</p>
        <p className="mt-0.5 text-ink-2">{t(`dock.refused-${refused}`)}</p>
        {save.status === 'refused' && (
          <p className="mt-1 text-ink-2 [overflow-wrap:anywhere]">{errorLine(save.error, t)}</p>
        )}
        <Button size="small" className="mt-3" onClick={() => void runner.run()} disabled={runner.isStarting}>
          {t('dock.refused-again')}
        </Button>
      </div>
      <IconButton name={t('ui.close')} size="small" onClick={runner.settle}>
        <X aria-hidden />
      </IconButton>
    </div>
  )
}

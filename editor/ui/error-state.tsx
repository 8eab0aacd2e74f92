import { OctagonX, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Described, describeError } from '../api/describe-error.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { CopyButton } from './copy-button.tsx'
import { FaultList } from './fault-list.tsx'
import { IconButton } from './icon-button.tsx'

type ErrorStateProps = {
  error: unknown
  /** Tries again. */
  onRetry?: () => void
  /** A better way out than trying again. */
  action?: ReactNode
  /** What it speaks of, such as the file that was refused. */
  of?: string
  onClose?: () => void
  className?: string
}

/** In place of what could not be shown: what happened, why, and a button. Technical text is folded away. */
export const ErrorState = ({ error, onRetry, action, of, onClose, className }: ErrorStateProps) => {
  const t = useT()
  const { title, detail, faults, technical }: Described = describeError(error, t)
  return (
    <div role="alert" className={cn('flex items-start gap-3 rounded-panel bg-fail-soft p-4', className)}>
      <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0 text-fail" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold text-fail [overflow-wrap:anywhere]">{of ? `${of}: ${title}` : title}</p>
        {detail && <p className="mt-0.5 text-ink-2">{detail}</p>}
        {faults && <FaultList faults={faults} className="mt-1 text-ink-2 [overflow-wrap:anywhere]" />}
        {technical && (
          <details className="mt-2 text-small text-ink-2">
            <summary className="w-fit cursor-pointer">{t('ui.details')}</summary>
            <div className="mt-1 flex items-start gap-2 rounded-[6px] bg-sunken p-2">
              <pre className="num min-w-0 flex-1 whitespace-pre-wrap text-[11px]/4">{technical}</pre>
              <CopyButton text={technical} />
            </div>
          </details>
        )}
        {(onRetry || action) && (
          <div className="mt-3 flex gap-2">
            {action}
            {onRetry && (
              <Button size="small" onClick={onRetry}>
                {t('ui.try-again')}
              </Button>
            )}
          </div>
        )}
      </div>
      {onClose && (
        <IconButton name={t('ui.close')} onClick={onClose} className="-mt-1 -mr-1 shrink-0">
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

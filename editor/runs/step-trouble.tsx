import { OctagonX } from 'lucide-react'
import type { RunError } from '#runtime/engine/events.ts'
import { useT } from '../i18n/index.tsx'
import { useRunErrorWords } from '../problems/run-error-words.ts'
import { CopyButton } from '../ui/copy-button.tsx'

/** Why a step failed: what happened, why, and the technical text behind "Details". */
export const StepTrouble = ({ error }: { error: RunError }) => {
  const t = useT()
  const { what, why } = useRunErrorWords()(error)
  const technical = JSON.stringify(error, null, 2)
  return (
    <div role="alert" className="mx-[18px] mb-2 rounded-[8px] bg-fail-soft px-3 py-2.5">
      <p className="flex items-start gap-2 font-semibold text-fail">
        <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" />
        {what}
      </p>
      {why && <p className="mt-0.5 pl-6 text-ink-2">{why}</p>}
      <details className="mt-1 pl-6 text-small text-ink-2">
        <summary className="w-fit cursor-pointer">{t('ui.details')}</summary>
        <div className="mt-1 flex items-start gap-1">
          <pre className="num max-h-48 min-w-0 flex-1 overflow-auto whitespace-pre-wrap break-words text-[11px]/4">
            {technical}
          </pre>
          <CopyButton text={technical} />
        </div>
      </details>
    </div>
  )
}

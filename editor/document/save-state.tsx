import { useStore } from 'zustand'
import { errorLine } from '../api/describe-error.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { useDesk } from './desk.ts'

/** Where the edits are: on the server, on the way, only here, or in conflict. */
export const SaveState = () => {
  const t = useT()
  const state = useStore(useDesk().autosave.state)
  const key =
    state.status === 'offline' && !state.kept ? 'document.offline-not-kept' : (`document.${state.status}` as const)
  const isTrouble = ['conflict', 'refused', 'offline'].includes(state.status)
  return (
    <span
      role="status"
      data-save={state.status}
      title={state.status === 'refused' ? errorLine(state.error, t) : undefined}
      className={cn(
        'shrink-0 whitespace-nowrap text-small text-ink-3',
        isTrouble && 'font-medium text-wait',
        state.status === 'refused' && 'text-fail',
      )}
    >
      {t(key)}
    </span>
  )
}

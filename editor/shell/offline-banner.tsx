import { CloudOff } from 'lucide-react'
import { useEffect } from 'react'
import { ApiError } from '../api/client.ts'
import { useSession } from '../api/session.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'

/** Under the bar while the server does not answer. What is on screen stays. */
export const OfflineBanner = () => {
  const t = useT()
  const { error, refetch } = useSession()
  useEffect(() => {
    const look = () => void refetch()
    addEventListener('offline', look)
    return () => removeEventListener('offline', look)
  }, [refetch])
  if (!(error instanceof ApiError) || error.status !== 0) return <div className="col-span-2" />
  return (
    <div
      role="status"
      className="col-span-2 flex items-center gap-2.5 border-line border-b bg-wait-soft px-4 py-1.5 text-small"
    >
      <CloudOff aria-hidden className="size-4 text-wait" />
      <span className="font-semibold text-wait">{t('shell.offline')}</span>
      <span className="flex-1 text-ink-2">{t('shell.offline-detail')}</span>
      <Button size="small" onClick={() => void refetch()}>
        {t('ui.try-again')}
      </Button>
    </div>
  )
}

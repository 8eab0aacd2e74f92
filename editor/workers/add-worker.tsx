import { Check } from 'lucide-react'
import { useState } from 'react'
import { useInviteWorker, useWorkers } from '../api/workers.ts'
import { clock } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { ShownOnce } from '../settings/shown-once.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Meter } from '../ui/meter.tsx'

const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host) || host.endsWith('.localhost')

/** The command that brings a machine in, and word of its arrival. */
const Invitation = ({ token, expiresAt, onClose }: { token: string; expiresAt: string; onClose: () => void }) => {
  const t = useT()
  const { language } = useLanguage()
  const { data: workers = [] } = useWorkers()
  const [before] = useState(() => new Set(workers.map((worker) => worker.id)))
  const arrived = workers.find((worker) => !before.has(worker.id))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('workers.add')}
      text={t('workers.add-line')}
      action={t('ui.close')}
      onAction={onClose}
      closable={false}
      keeps
    >
      <ShownOnce value={`npm run worker -- --server ${location.origin} --token ${token}`} />
      <p className="text-small text-ink-3 ko:leading-[18px]">
        {t('workers.add-close')} {t('workers.add-once', { time: clock(expiresAt, language) })}
        {isLoopback(location.hostname) && ` ${t('workers.add-loopback')}`}
      </p>
      {arrived ? (
        <p role="status" className="flex items-center gap-2 font-medium">
          <Check aria-hidden className="size-4" />
          {t('workers.arrived', { name: arrived.name })}
        </p>
      ) : (
        <div role="status" className="flex flex-col gap-2 text-small text-ink-2">
          {t('workers.waits-for-it')}
          <Meter name={t('workers.waits-for-it')} />
        </div>
      )}
    </Dialog>
  )
}

/** Makes a one-time token and shows it: once. */
export const AddWorker = () => {
  const t = useT()
  const invite = useInviteWorker()
  return (
    <>
      <Button variant="primary" disabled={invite.isPending} onClick={() => invite.mutate()}>
        {t('workers.add')}
      </Button>
      {invite.data && <Invitation {...invite.data} onClose={invite.reset} />}
      {invite.error && (
        <Dialog
          open
          onOpenChange={invite.reset}
          title={t('workers.add')}
          action={t('ui.try-again')}
          onAction={() => invite.mutate()}
        >
          <ErrorState error={invite.error} />
        </Dialog>
      )}
    </>
  )
}

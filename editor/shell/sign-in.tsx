import { useState } from 'react'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Centered } from './centered.tsx'
import { LanguageChoice } from './language-choice.tsx'

/** Shown without a session. The way in is the link that the server prints; there is no password to guess. */
export const SignIn = ({ onRetry }: { onRetry: () => Promise<unknown> }) => {
  const t = useT()
  const [busy, setBusy] = useState(false)
  const retry = () => {
    setBusy(true)
    void onRetry().finally(() => setBusy(false))
  }
  return (
    <Centered title={t('shell.sign-in')}>
      <p className="text-lead text-ink-2">{t('shell.sign-in-link')}</p>
      <p className="text-ink-2">{t('shell.sign-in-again')}</p>
      <pre className="num w-full rounded-control bg-sunken px-3 py-2 text-small inset-ring inset-ring-line">
        npx patchbay sign-in
      </pre>
      <div className="mt-2 flex w-full items-center justify-between">
        <Button variant="primary" disabled={busy} onClick={retry}>
          {t('shell.sign-in-check')}
        </Button>
        <LanguageChoice />
      </div>
    </Centered>
  )
}

import { Link } from 'wouter'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Centered } from './centered.tsx'
import { useTitle } from './use-title.ts'

export const NotFound = () => {
  const t = useT()
  useTitle(t('shell.not-found'))
  return (
    <Centered title={t('shell.not-found')}>
      <p className="text-lead text-ink-2">{t('shell.not-found-detail')}</p>
      <Button variant="primary" className="mt-2" asChild>
        <Link href="/">{t('shell.to-pipelines')}</Link>
      </Button>
    </Centered>
  )
}

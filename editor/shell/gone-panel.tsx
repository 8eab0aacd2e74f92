import { Link } from 'wouter'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Panel } from '../ui/panel.tsx'

/** Beside a list: what the address names is not in it. */
export const GonePanel = ({ name, room }: { name: string; room: string }) => {
  const t = useT()
  return (
    <Panel name={t('shell.gone', { name })}>
      <EmptyState
        title={<span className="[overflow-wrap:anywhere]">{t('shell.gone', { name })}</span>}
        text={t('shell.gone-detail')}
        action={
          <Button asChild>
            <Link href={room}>{t('shell.to-first')}</Link>
          </Button>
        }
      />
    </Panel>
  )
}

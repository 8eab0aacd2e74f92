import { Component, type ReactNode } from 'react'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Centered } from './centered.tsx'

const Broken = ({ error }: { error: Error }) => {
  const t = useT()
  const technical = error.stack ?? error.message
  return (
    <Centered title={t('shell.crash')}>
      <p className="text-lead text-ink-2">{t('shell.crash-detail')}</p>
      <pre className="num max-h-48 w-full overflow-auto whitespace-pre-wrap rounded-control bg-sunken p-3 text-[11px]/4">
        {technical}
      </pre>
      <div className="flex gap-2">
        <Button variant="primary" onClick={() => location.reload()}>
          {t('shell.reload')}
        </Button>
        <CopyButton text={technical} label={t('ui.copy')} />
      </div>
    </Centered>
  )
}

/** Catches what a component throws while it draws. A class because React offers no other way. */
export class Crash extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }
  static getDerivedStateFromError = (error: Error) => ({ error })
  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children
  }
}

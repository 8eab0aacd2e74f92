import { useState } from 'react'
import { Link } from 'wouter'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { PanelPart } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { type SnippetForm, snippetsOf } from './snippets.ts'

const forms: readonly { value: SnippetForm; label: string }[] = [
  { value: 'curl', label: 'curl' },
  { value: 'python', label: 'Python' },
  { value: 'javascript', label: 'Node.js' },
]

/** What a program sends to get an answer from a deployment. */
export const CallIt = ({ name }: { name: string }) => {
  const t = useT()
  const [form, setForm] = useState<SnippetForm>('curl')
  const text = snippetsOf(location.origin, name)[form]
  return (
    <PanelPart title={t('deployments.call')}>
      <div className="mt-1 mb-2 flex items-center justify-between gap-2">
        <Segmented name={t('deployments.call')} value={form} onChange={setForm} options={forms} />
        <CopyButton text={text} label={t('ui.copy')} />
      </div>
      <pre
        // It scrolls sideways, so it must take the focus.
        tabIndex={0}
        className="num overflow-x-auto rounded-[8px] bg-sunken p-3 text-[11px]/[17px] inset-ring inset-ring-line"
      >
        {text}
      </pre>
      <p className="mt-2 text-ink-2 ko:leading-[20px]">{t('deployments.key-line')}</p>
      <Button size="small" className="mt-2" asChild>
        <Link href="/settings/keys">{t('deployments.to-keys')}</Link>
      </Button>
    </PanelPart>
  )
}

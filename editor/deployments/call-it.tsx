import { Link } from 'wouter'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { CodeSample } from '../ui/code-sample.tsx'
import { PanelPart } from '../ui/panel.tsx'
import { snippetsOf } from './snippets.ts'

/** What a program sends to get an answer from a deployment. */
export const CallIt = ({ name }: { name: string }) => {
  const t = useT()
  const texts = snippetsOf(location.origin, name)
  return (
    <PanelPart title={t('deployments.call')}>
      <CodeSample
        name={t('deployments.call')}
        forms={[
          { value: 'curl', label: 'curl', text: texts.curl },
          { value: 'python', label: 'Python', text: texts.python },
          { value: 'javascript', label: 'Node.js', text: texts.javascript },
        ]}
      />
      <p className="mt-2 text-ink-2 ko:leading-[20px]">{t('deployments.key-line')}</p>
      <Button size="small" className="mt-2" asChild>
        <Link href="/settings/keys">{t('deployments.to-keys')}</Link>
      </Button>
    </PanelPart>
  )
}

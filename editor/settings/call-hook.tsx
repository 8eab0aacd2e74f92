import { useMemo } from 'react'
import type { Hook } from '#server/api.ts'
import { useCatalogue } from '../api/catalogue.ts'
import { useAllPipelines, useVersion } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { CodeSample } from '../ui/code-sample.tsx'
import { hookSnippets } from './hook-snippets.ts'
import { sampleInput } from './sample-input.ts'
import { hookAddress } from './words.ts'

/** What a program sends to a webhook, with the fields of its own pipeline. */
export const CallHook = ({ hook }: { hook: Hook }) => {
  const t = useT()
  const { name, auth, mode, pipeline } = hook
  const items = useAllPipelines()
  const latest = items.find(({ id }) => id === pipeline)?.version
  const version = hook.version === 'latest' ? (latest ?? undefined) : hook.version
  const { data: published } = useVersion(pipeline, version)
  const { data: catalogue } = useCatalogue()
  const body = useMemo(
    () => (published && catalogue ? sampleInput(published.document, catalogue) : {}),
    [published, catalogue],
  )
  const texts = hookSnippets({ url: hookAddress(name), auth, mode, body })
  return (
    <section>
      <h3 className="text-small font-semibold">{t('deployments.call')}</h3>
      <CodeSample
        name={t('deployments.call')}
        forms={[
          { value: 'curl', label: 'curl', text: texts.curl },
          { value: 'javascript', label: 'Node.js', text: texts.javascript },
        ]}
      />
      {auth !== 'none' && (
        <p className="mt-2 text-small text-ink-2 ko:leading-[20px]">
          {t('settings.hook-secret-line')} {auth === 'standard' && t('settings.hook-standard-line')}
        </p>
      )}
    </section>
  )
}

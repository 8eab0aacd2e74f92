import type { ReactNode } from 'react'
import type { StepRecord } from '#server/api.ts'
import { compact, duration, moment } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { valueText } from '../ui/value-view.tsx'
import type { NodeRow } from './run-view.ts'

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex min-h-7 items-center justify-between gap-4 py-0.5">
    <dt className="shrink-0 text-ink-2">{name}</dt>
    <dd className="num min-w-0 text-right text-small">{children}</dd>
  </div>
)

/** How a step went, and the settings it went with. */
export const StepFacts = ({ row: { node, run }, step }: { row: NodeRow; step: StepRecord | undefined }) => {
  const t = useT()
  const { language } = useLanguage()
  const startedAt = step ? step.startedAt : run?.startedAt && new Date(run.startedAt).toISOString()
  const ms = step?.ms ?? run?.ms
  const tries = step?.attempt ?? run?.attempt
  const usage = step ? step.usage : run?.usage
  const settings = Object.entries(node.config)
  return (
    <div className="text-[12.5px]">
      <dl className="border-line border-b px-[18px] py-3">
        {startedAt && <Fact name={t('runs.started')}>{moment(startedAt, language)}</Fact>}
        {ms !== undefined && <Fact name={t('runs.took')}>{duration(ms)}</Fact>}
        {tries !== undefined && <Fact name={t('runs.tries')}>{tries}</Fact>}
        {usage && <Fact name={t('runs.tokens-read')}>{compact(usage.inputTokens)}</Fact>}
        {usage && <Fact name={t('runs.tokens-written')}>{compact(usage.outputTokens)}</Fact>}
        {run?.cached && <Fact name={t('runs.result')}>{t('ui.state-cached')}</Fact>}
        {run?.pinned && <Fact name={t('runs.result')}>{t('runs.pinned')}</Fact>}
      </dl>
      {settings.length > 0 && (
        <section className="px-[18px] py-3.5">
          <h3 className="mb-1 text-small font-semibold">{t('runs.settings')}</h3>
          <dl>
            {settings.map(([name, value]) => (
              <div key={name} className="py-1.5">
                <dt className="num text-[11px] text-ink-3">{name}</dt>
                <dd className="num whitespace-pre-wrap break-words text-small">{valueText(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  )
}

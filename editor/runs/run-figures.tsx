import type { ReactNode } from 'react'
import type { RunDetail } from '#server/api.ts'
import { clock, compact, moment } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import type { LiveRun } from '../run-dock/live-run.ts'
import { RunTook } from './run-took.tsx'
import type { Verdict } from './verdict.ts'
import { triggerKeys } from './words.ts'

const Figure = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex flex-col gap-px">
    <dt className="text-[11.5px]/4 font-medium text-ink-3">{name}</dt>
    <dd className="num text-figure font-medium tracking-[-.035em]">{children}</dd>
  </div>
)

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

/** The verdict, then the numbers. */
export const RunFigures = ({ detail, run, verdict }: { detail: RunDetail; run: LiveRun; verdict: Verdict }) => {
  const t = useT()
  const { language } = useLanguage()
  const items = Math.max(0, ...Object.values(run.nodes).map((node) => node.items?.total ?? 0))
  const { inputTokens, outputTokens } = run.usage
  const version = detail.version === null ? t('home.draft') : `v${detail.version}`
  return (
    <section aria-labelledby="verdict" className="border-line border-b px-6 pt-5 pb-[18px]">
      <h1 id="verdict" aria-live="polite" className="text-title font-bold tracking-[-.02em]">
        {t(verdict.key, verdict.values)}
      </h1>
      <dl className="mt-3 flex flex-wrap gap-x-9 gap-y-2">
        <Figure name={t('runs.took')}>
          <RunTook startedAt={iso(run.startedAt)} endedAt={iso(run.endedAt)} />
        </Figure>
        {items > 0 && <Figure name={t('runs.items')}>{items.toLocaleString('en')}</Figure>}
        <Figure name={t('runs.tokens')}>
          {inputTokens + outputTokens > 0 ? compact(inputTokens + outputTokens) : '–'}
        </Figure>
        <div className="ml-auto text-right">
          <dt className="text-[11.5px]/4 font-medium text-ink-3">{t('runs.started-by')}</dt>
          <dd className="leading-[26px] text-ink-2" title={moment(detail.createdAt, language)}>
            {[version, t(triggerKeys[detail.trigger]), clock(detail.createdAt, language)].join(' · ')}
          </dd>
        </div>
      </dl>
    </section>
  )
}

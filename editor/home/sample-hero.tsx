import { Play } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Example, PipelineSummary } from '#server/api.ts'
import { useCopyExample } from '../api/examples.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SampleStage } from './sample-stage.tsx'

type SampleHeroProps = { example: Example; catalogue: CatalogueMap; pipelines: readonly PipelineSummary[] }

/** The first screen's one offer: a pipeline that runs here, now, without a key. */
export const SampleHero = ({ example, catalogue, pipelines }: SampleHeroProps) => {
  const t = useT()
  const [, go] = useLocation()
  const copy = useCopyExample()
  const known = pipelines.find((pipeline) => pipeline.name === example.document.name)
  const open = (show: { start?: true }) => {
    if (known) return go(canvasPath(known.id, show))
    copy.mutate(example.id, { onSuccess: ({ id }) => go(canvasPath(id, show)) })
  }
  return (
    <section className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)] items-center gap-7">
      <div>
        <h2 className="whitespace-pre-line text-home font-bold tracking-[-.028em]">{t('home.promise')}</h2>
        <p className="mt-2.5 max-w-[440px] text-lead text-ink-2 ko:leading-6">{t('home.sample-line')}</p>
        <div className="mt-[18px] flex items-center gap-2">
          <Button variant="lime" size="large" disabled={copy.isPending} onClick={() => open({ start: true })}>
            <Play aria-hidden fill="currentColor" />
            {t('home.run-sample')}
          </Button>
          <Button variant="ghost" size="large" disabled={copy.isPending} onClick={() => open({})}>
            {t('home.look-around')}
          </Button>
        </div>
        {copy.error && <ErrorState error={copy.error} className="mt-4" />}
      </div>
      <SampleStage document={example.document} catalogue={catalogue} />
    </section>
  )
}

import { Plus } from 'lucide-react'
import { useCatalogue } from '../api/catalogue.ts'
import { useExamples } from '../api/examples.ts'
import { usePipelines } from '../api/pipelines.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { FindField } from '../shell/find-field.tsx'
import { LanguageChoice } from '../shell/language-choice.tsx'
import { Layout } from '../shell/layout.tsx'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { editionsFor } from './example-text.ts'
import { ImportButton } from './import-button.tsx'
import { useNewPipeline } from './new-pipeline.ts'
import { PipelineTable } from './pipeline-table.tsx'
import { SampleHero } from './sample-hero.tsx'
import { TemplateGallery } from './template-gallery.tsx'
import { useImport } from './use-import.ts'

/** The sample that a first visit is offered. */
const sample = 'ticket-triage'
const noTypes: CatalogueMap = new Map()

/** Home: the sample, what to begin from, and one's own pipelines. */
const HomePage = () => {
  const t = useT()
  useTitle(t('shell.pipelines'))
  const { data: catalogue = noTypes } = useCatalogue()
  const { data: shipped = [] } = useExamples()
  const { language } = useLanguage()
  const examples = editionsFor(shipped, language)
  const pipelines = usePipelines()
  const fresh = useNewPipeline()
  const imports = useImport()
  const mine = pipelines.items
  const offered = examples.find((example) => example.id.startsWith(sample)) ?? examples[0]
  const isFirstVisit = !pipelines.isPending && mine.every((pipeline) => pipeline.lastRuns.length === 0)
  const create = (
    <Button variant="primary" disabled={fresh.isPending} onClick={fresh.createEmpty}>
      <Plus aria-hidden />
      {t('home.new-pipeline')}
    </Button>
  )
  const table = (
    <section
      aria-label={t('home.your-pipelines')}
      className="shrink-0 overflow-hidden rounded-panel bg-panel inset-ring inset-ring-line"
    >
      {pipelines.isPending && <Waiting />}
      {pipelines.error && <ErrorState error={pipelines.error} onRetry={pipelines.refetch} className="m-4" />}
      {!pipelines.isPending && !pipelines.error && mine.length === 0 && (
        <EmptyState title={t('home.no-pipelines')} text={t('home.no-pipelines-line')} className="py-9" />
      )}
      {mine.length > 0 && <PipelineTable pipelines={mine} catalogue={catalogue} />}
      {pipelines.hasMore && (
        <div className="border-line border-t p-2 text-center">
          <Button variant="ghost" size="small" disabled={pipelines.isLoadingMore} onClick={pipelines.more}>
            {t('ui.more')}
          </Button>
        </div>
      )}
    </section>
  )
  return (
    <Layout
      scroll
      top={
        <>
          <h1 className="pl-2.5 font-semibold">{t('shell.pipelines')}</h1>
          <FindField />
          <div className="ml-auto flex items-center gap-1.5">
            <LanguageChoice />
            <ImportButton disabled={fresh.isPending || imports.isPending} onFiles={imports.take} />
            {create}
          </div>
        </>
      }
    >
      <div className="mx-auto flex max-w-[1400px] flex-col gap-[22px] px-10 py-[26px] max-wide:px-6">
        {fresh.error && <ErrorState error={fresh.error} onClose={fresh.reset} />}
        {imports.refused.map((one) => (
          <ErrorState key={one.file} of={one.file} error={one.error} onClose={() => imports.forget(one)} />
        ))}
        {isFirstVisit && offered && catalogue.size > 0 && (
          <SampleHero example={offered} catalogue={catalogue} pipelines={mine} />
        )}
        {!isFirstVisit && table}
        <TemplateGallery examples={examples} catalogue={catalogue} onEmpty={fresh.createEmpty} busy={fresh.isPending} />
        {isFirstVisit && table}
      </div>
    </Layout>
  )
}

const Waiting = () => (
  <div className="flex flex-col gap-4 p-5">
    <Skeleton className="w-1/3" />
    <Skeleton className="w-1/2" />
    <Skeleton className="w-2/5" />
  </div>
)

export default HomePage

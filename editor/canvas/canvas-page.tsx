import { useCallback, useEffect, useState } from 'react'
import { Link, useSearch } from 'wouter'
import type { Pipeline } from '#server/api.ts'
import { useCatalogue } from '../api/catalogue.ts'
import { isGone } from '../api/client.ts'
import { usePipeline } from '../api/pipelines.ts'
import { DeskProvider, useDocument } from '../document/desk.ts'
import { useOpenDesk } from '../document/open-desk.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import { Layout } from '../shell/layout.tsx'
import { Loading } from '../shell/loading.tsx'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { KeptOfDeleted } from './deleted.tsx'
import { Desk } from './desk-view.tsx'
import { FlowProvider } from './flow.tsx'

/** The browser's tab follows the name as it is typed. */
const TabTitle = () => {
  useTitle(useDocument((document) => document.name))
  return null
}

const Open = ({ pipeline, catalogue }: { pipeline: Pipeline; catalogue: CatalogueMap }) => {
  const desk = useOpenDesk(pipeline, catalogue)
  const search = new URLSearchParams(useSearch())
  if (!desk) return <Layout top={null}>{null}</Layout>
  return (
    <DeskProvider value={desk}>
      <TabTitle />
      <FlowProvider>
        <Desk pipeline={pipeline} show={search.get('run') ?? undefined} start={search.has('start')} />
      </FlowProvider>
    </DeskProvider>
  )
}

const Failed = ({ id, error, onRetry }: { id: string; error: Error; onRetry: () => void }) => {
  const t = useT()
  useTitle(t('canvas.open-failed'))
  return (
    <Layout top={<b className="pl-2.5 font-semibold">{t('canvas.open-failed')}</b>} scroll>
      <div className="mx-auto max-w-[640px] p-10">
        <ErrorState
          error={error}
          onRetry={onRetry}
          action={
            <Button size="small" variant="primary" asChild>
              <Link href="/">{t('shell.to-pipelines')}</Link>
            </Button>
          }
        />
        {isGone(error) && <KeptOfDeleted id={id} />}
      </div>
    </Layout>
  )
}

/** /p/:id: the pipeline on its canvas. */
const CanvasPage = ({ id }: { id: string }) => {
  const pipeline = usePipeline(id)
  const catalogue = useCatalogue()
  const [opened, setOpened] = useState<Pipeline | undefined>()
  const [isFresh, setFresh] = useState(false)
  const { refetch } = pipeline

  // What an earlier visit left in the cache may be older than the draft: ask once, then the desk keeps itself up to date.
  useEffect(() => {
    void refetch().finally(() => setFresh(true))
  }, [refetch])
  useEffect(() => {
    if (isFresh && pipeline.data) setOpened((known) => known ?? pipeline.data)
  }, [isFresh, pipeline.data])
  const retry = useCallback(() => {
    void refetch()
    void catalogue.refetch()
  }, [refetch, catalogue])

  const error = (opened ? undefined : pipeline.error) ?? catalogue.error
  if (error) return <Failed id={id} error={error} onRetry={retry} />
  if (!opened || !catalogue.data) return <Loading />
  return <Open pipeline={opened} catalogue={catalogue.data} />
}

export default CanvasPage

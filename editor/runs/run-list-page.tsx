import { useCallback, useRef } from 'react'
import { Link } from 'wouter'
import { useAllPipelines } from '../api/pipelines.ts'
import { useRuns } from '../api/runs.ts'
import { type MessageKey, useT } from '../i18n/index.tsx'
import { FindField } from '../shell/find-field.tsx'
import { Layout } from '../shell/layout.tsx'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Meter } from '../ui/meter.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { type FilterStatus, filterStatuses, useRunFilter } from './run-filter.ts'
import { RunTable } from './run-table.tsx'

const statusKeys: Record<FilterStatus, MessageKey> = {
  all: 'runs.all',
  running: 'ui.state-running',
  succeeded: 'ui.state-succeeded',
  failed: 'ui.state-failed',
  cancelled: 'ui.state-cancelled',
}

const Empty = ({ filtered, onClear }: { filtered: boolean; onClear: () => void }) => {
  const t = useT()
  if (filtered) {
    return <EmptyState title={t('runs.none-fit')} action={<Button onClick={onClear}>{t('runs.show-all')}</Button>} />
  }
  return (
    <EmptyState
      title={t('runs.none')}
      text={t('runs.none-line')}
      action={
        <Button variant="primary" asChild>
          <Link href="/">{t('shell.to-pipelines')}</Link>
        </Button>
      }
    />
  )
}

/** Every run of the workspace, newest first. */
const RunListPage = () => {
  const t = useT()
  useTitle(t('shell.runs'))
  const { filter, status, pipeline, change, clear } = useRunFilter()
  const runs = useRuns(filter)
  const pipelines = useAllPipelines()
  const scroller = useRef<HTMLDivElement>(null)
  const { more } = runs
  const nearEnd = useCallback(() => more(), [more])
  const named = pipelines.map(({ id, name }) => ({ value: id, label: name }))
  // One that was deleted, or is not read yet: the filter still says that there is one.
  const isLost = pipeline !== 'all' && !pipelines.some(({ id }) => id === pipeline)
  const lost = isLost ? [{ value: pipeline, label: pipeline.slice(-8) }] : []
  return (
    <Layout
      top={
        <>
          <b className="pl-2.5 font-semibold">{t('shell.runs')}</b>
          <FindField />
        </>
      }
    >
      <div className="flex h-full flex-col gap-3.5 px-10 py-6 max-wide:px-6">
        <div className="flex items-center gap-3">
          <h1 className="mr-auto text-title font-bold tracking-[-.02em]">{t('shell.runs')}</h1>
          <Select
            name={t('runs.pipeline')}
            value={pipeline}
            onChange={(id) => change('pipeline', id)}
            options={[{ value: 'all', label: t('runs.all-pipelines') }, ...named, ...lost]}
            className="w-56"
          />
          <Segmented
            name={t('runs.status')}
            value={status}
            onChange={(next) => change('status', next)}
            options={filterStatuses.map((value) => ({ value, label: t(statusKeys[value]) }))}
          />
        </div>
        <div ref={scroller} className="min-h-0 overflow-y-auto rounded-panel bg-panel ring ring-line">
          {runs.isPending && (
            <div className="flex flex-col gap-5 p-5">
              <Skeleton className="w-2/5" />
              <Skeleton className="w-1/2" />
              <Skeleton className="w-1/3" />
            </div>
          )}
          {runs.error && runs.items.length === 0 && (
            <ErrorState error={runs.error} onRetry={runs.refetch} className="m-4" />
          )}
          {!runs.isPending && !runs.error && runs.items.length === 0 && !runs.hasMore && (
            <Empty filtered={status !== 'all' || pipeline !== 'all'} onClear={clear} />
          )}
          {(runs.items.length > 0 || runs.hasMore) && (
            <RunTable runs={runs.items} scroller={scroller} onNearEnd={nearEnd} />
          )}
          {runs.isLoadingMore && <Meter name={t('ui.loading')} className="m-3" />}
        </div>
      </div>
    </Layout>
  )
}

export default RunListPage

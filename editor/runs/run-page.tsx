import { useState } from 'react'
import { Link } from 'wouter'
import type { RunDetail } from '#server/api.ts'
import { useCatalogue } from '../api/catalogue.ts'
import { useRun } from '../api/runs.ts'
import { nodeName } from '../canvas/node-words.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { Layout } from '../shell/layout.tsx'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { StateChip } from '../ui/state-chip.tsx'
import { ItemCells } from './item-cells.tsx'
import { RunActions } from './run-actions.tsx'
import { RunFigures } from './run-figures.tsx'
import { firstSelection, mappedNode, rowsOf, type Selection } from './run-view.ts'
import { StepPanel } from './step-panel.tsx'
import { RunWiring, useRunWiring } from './tile-kinds.ts'
import { useRunPicture } from './use-run-picture.ts'
import { verdictOf } from './verdict.ts'
import { Waterfall } from './waterfall.tsx'

const noTypes: CatalogueMap = new Map()

const Crumbs = ({ detail }: { detail: RunDetail }) => {
  const t = useT()
  return (
    <nav aria-label={t('runs.where')} className="flex min-w-0 items-center gap-1.5 pl-2.5">
      {detail.pipeline ? (
        <Link href={canvasPath(detail.pipeline)} className="truncate text-ink-3 hover:text-ink">
          {detail.name}
        </Link>
      ) : (
        <span className="truncate text-ink-3">{detail.name}</span>
      )}
      <span className="text-ink-3">/</span>
      <Link href="/runs" className="shrink-0 text-ink-3 hover:text-ink">
        {t('shell.runs')}
      </Link>
      <span className="text-ink-3">/</span>
      <b className="num shrink-0 text-[13.5px] font-semibold">#{detail.number}</b>
    </nav>
  )
}

const RunBody = ({ detail }: { detail: RunDetail }) => {
  const local = useLocal()
  useTitle(`#${detail.number}`, detail.name)
  const { data: catalogue = noTypes } = useCatalogue()
  const run = useRunPicture(detail)
  const wiring = useRunWiring(detail.document, catalogue)
  const [chosen, setChosen] = useState<Selection>()
  const [failure, setFailure] = useState<unknown>(null)
  const rows = rowsOf(detail, run, catalogue)
  const selection = chosen ?? firstSelection(rows, catalogue)
  const row = rows.find((candidate) => candidate.node.id === selection?.node)
  const mapped = mappedNode(rows, selection)
  const nameOf = (id: string) => {
    const node = detail.document.nodes.find((candidate) => candidate.id === id)
    return node ? nodeName(node, catalogue.get(node.type), local) : id
  }
  const shown = { ...detail, status: run.status }
  return (
    <RunWiring value={wiring}>
      <Layout
        top={
          <>
            <Crumbs detail={detail} />
            <span className="ml-3">
              <StateChip status={run.status} />
            </span>
            <RunActions detail={shown} onError={setFailure} />
          </>
        }
      >
        <div className="grid h-full grid-cols-[minmax(0,1fr)_404px] max-wide:grid-cols-[minmax(0,1fr)_328px]">
          <div className="min-h-0 overflow-y-auto bg-panel">
            <div className="bg-ground">
              {failure !== null && <ErrorState error={failure} className="m-4" />}
              <RunFigures detail={detail} run={run} verdict={verdictOf(run, rows.length, nameOf)} />
            </div>
            <Waterfall
              detail={detail}
              run={run}
              rows={rows}
              catalogue={catalogue}
              selection={selection}
              onSelect={setChosen}
            />
            {mapped && (
              <ItemCells
                run={detail.id}
                node={mapped.node.id}
                name={nameOf(mapped.node.id)}
                selected={mapped.node.id === selection?.node ? selection.path : undefined}
                onSelect={(path) => setChosen({ node: mapped.node.id, path })}
              />
            )}
          </div>
          {row && selection && (
            <StepPanel
              detail={detail}
              run={run}
              row={row}
              rows={rows}
              catalogue={catalogue}
              selection={selection}
              onSelect={setChosen}
            />
          )}
        </div>
      </Layout>
    </RunWiring>
  )
}

/** One run: the verdict, the figures, every node on a time axis, and one step beside it. */
const RunPage = ({ id }: { id: string }) => {
  const t = useT()
  const { data, error, refetch } = useRun(id)
  if (data) return <RunBody detail={data} />
  return (
    <Layout top={<b className="pl-2.5 font-semibold">{t('shell.runs')}</b>}>
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => void refetch()}
          className="m-6"
          action={
            <Button size="small" variant="primary" asChild>
              <Link href="/runs">{t('runs.to-list')}</Link>
            </Button>
          }
        />
      ) : (
        <div className="flex flex-col gap-4 p-6">
          <Skeleton className="h-7 w-1/3" />
          <Skeleton className="w-1/2" />
          <Skeleton className="w-2/5" />
        </div>
      )}
    </Layout>
  )
}

export default RunPage

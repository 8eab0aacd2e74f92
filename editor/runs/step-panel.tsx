import { ChevronDown, ChevronUp } from 'lucide-react'
import { useState } from 'react'
import type { RunDetail, StepRecord } from '#server/api.ts'
import { useSteps } from '../api/runs.ts'
import { nodeName } from '../canvas/node-words.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import type { LiveRun } from '../run-dock/live-run.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { StatusGlyph, stateKeys } from '../ui/status-glyph.tsx'
import { Tabs } from '../ui/tabs.tsx'
import type { NodeRow, Selection } from './run-view.ts'
import { StepFacts } from './step-facts.tsx'
import { StepInputs } from './step-inputs.tsx'
import { StepOutputs } from './step-outputs.tsx'
import { StepTrouble } from './step-trouble.tsx'
import { useTileKind } from './tile-kinds.ts'
import { placeOf } from './words.ts'

type StepPanelProps = {
  detail: RunDetail
  run: LiveRun
  row: NodeRow
  rows: readonly NodeRow[]
  catalogue: CatalogueMap
  selection: Selection
  onSelect: (selection: Selection) => void
}

type Part = 'output' | 'input' | 'facts'

/** One step beside the list: what it put out, what it took, how it went. Never a modal. */
export const StepPanel = ({ detail, run, row, rows, catalogue, selection, onSelect }: StepPanelProps) => {
  const t = useT()
  const local = useLocal()
  const [part, setPart] = useState<Part>('output')
  const { node } = row
  const { path } = selection
  const isMapped = row.run?.items !== undefined
  const { items: steps } = useSteps(detail.id, node.id, isMapped && path !== undefined)
  const step = path && steps.find((one) => one.path.join() === path.join())
  const kind = useTileKind(node.id)
  const entry = catalogue.get(node.type)
  const name = nodeName(node, entry, local)
  const state = step?.status ?? row.state
  const error = path ? step?.error : row.run?.error
  const next = (by: number) => neighbour(by, { rows, row, step: step || undefined, steps })
  const move = (by: number) => {
    const to = next(by)
    if (to) onSelect(to)
  }

  return (
    <aside
      aria-label={t('runs.step-of', { node: name })}
      className="flex min-h-0 flex-col border-line border-l bg-panel"
    >
      <div className="flex items-center gap-2.5 px-[18px] pt-4 pb-2">
        <NodeTile icon={entry?.icon ?? 'box'} kind={kind} size={28} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-[14px] font-semibold">
            {path ? t('runs.item-of', { node: name, place: placeOf(path) }) : name}
          </h2>
          <p className="flex items-center gap-1 text-[11.5px]/4 text-ink-3">
            <StatusGlyph state={state} silent className="size-3.5 [&_svg]:size-3" />
            {t(stateKeys[state])} · <span className="num">{node.type}</span>
          </p>
        </div>
        <IconButton
          name={t(path ? 'runs.previous-item' : 'runs.previous-node')}
          disabled={!next(-1)}
          onClick={() => move(-1)}
        >
          <ChevronUp aria-hidden />
        </IconButton>
        <IconButton name={t(path ? 'runs.next-item' : 'runs.next-node')} disabled={!next(1)} onClick={() => move(1)}>
          <ChevronDown aria-hidden />
        </IconButton>
      </div>
      {error && <StepTrouble error={error} />}
      <Tabs<Part>
        name={t('runs.step-parts')}
        value={part}
        onChange={setPart}
        listClassName="px-[18px]"
        tabs={[
          {
            value: 'output',
            label: t('runs.output'),
            content: (
              <StepOutputs row={row} step={step || undefined} detail={detail} isEnd={entry?.boundary === 'end'} />
            ),
          },
          {
            value: 'input',
            label: t('runs.input'),
            content: <StepInputs detail={detail} run={run} node={node.id} path={path} catalogue={catalogue} />,
          },
          { value: 'facts', label: t('runs.facts'), content: <StepFacts row={row} step={step || undefined} /> },
        ]}
      />
    </aside>
  )
}

type Place = { rows: readonly NodeRow[]; row: NodeRow; step: StepRecord | undefined; steps: readonly StepRecord[] }

/** The item or node before or after; items stay among items. */
const neighbour = (by: number, { rows, row, step, steps }: Place): Selection | undefined => {
  if (step) {
    const next = steps[steps.indexOf(step) + by]
    return next && { node: row.node.id, path: next.path }
  }
  const next = rows[rows.indexOf(row) + by]
  return next && { node: next.node.id }
}

import { useContext } from 'react'
import type { RunDetail, StepRecord } from '#server/api.ts'
import { useT } from '../i18n/index.tsx'
import { StepMetrics } from '../run-dock/step-metrics.tsx'
import { StepProgress } from '../run-dock/step-progress.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Meter } from '../ui/meter.tsx'
import { LabelledValue } from './labelled-value.tsx'
import type { NodeRow } from './run-view.ts'
import { RunWiring } from './tile-kinds.ts'
import { placeOf } from './words.ts'

type StepOutputsProps = {
  row: NodeRow
  step: StepRecord | undefined
  detail: RunDetail
  /** The node gives the run its result: that is what it shows. */
  isEnd: boolean
}

/** The part of the run's output that came through this node's ports. */
const ofPorts = (output: RunDetail['output'], ports: readonly { name: string }[]) =>
  output && Object.fromEntries(ports.filter(({ name }) => name in output).map(({ name }) => [name, output[name]]))

/** What a step put out, port by port; while it writes, what has come so far. */
export const StepOutputs = ({ row, step, detail, isEnd }: StepOutputsProps) => {
  const t = useT()
  const wired = useContext(RunWiring).nodes.get(row.node.id)
  const ports = (isEnd ? wired?.inputs : wired?.outputs) ?? []
  const result = isEnd ? ofPorts(detail.output, ports) : undefined
  const outputs = result ?? (step ? step.outputs : (row.run?.outputs ?? row.run?.streamed))
  const told = Object.entries(outputs ?? {})
  if (told.length === 0 && !row.run?.ended && row.run?.metrics)
    return (
      <div className="px-[18px] py-3.5">
        <Meter name={t('canvas.progress')} {...(row.run.fraction !== undefined && { done: row.run.fraction })} />
        <p className="mt-2 mb-3 flex flex-wrap gap-3 text-small text-ink-2">
          <StepProgress run={row.run} />
        </p>
        <StepMetrics run={row.run} width={180} height={48} />
      </div>
    )
  if (told.length === 0) return <EmptyState title={t('runs.no-output')} text={t(noOutputKey(row))} />
  const { path } = row.run ?? {}
  return (
    <>
      {!step && row.run?.items && path && (
        <p className="px-[18px] pt-3 text-small text-ink-3">{t('runs.newest-item', { place: placeOf(path) })}</p>
      )}
      {told.map(([name, value]) => (
        <LabelledValue
          key={name}
          name={name}
          kind={ports.find((port) => port.name === name)?.kind ?? 'any'}
          value={value}
        />
      ))}
    </>
  )
}

const noOutputKey = ({ state, run }: NodeRow) => {
  if (state === 'skipped') return run?.skipReason === 'branch' ? 'runs.no-output-branch' : 'runs.no-output-skipped'
  if (state === 'disabled') return 'runs.no-output-off'
  if (state === 'failed') return 'runs.no-output-failed'
  return 'runs.no-output-yet'
}

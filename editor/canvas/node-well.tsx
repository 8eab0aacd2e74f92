import type { PipelineNode } from '#runtime/pipeline/document.ts'
import type { WiredPort } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import type { NodeRun } from '../run-dock/live-run.ts'
import { StepMetrics } from '../run-dock/step-metrics.tsx'
import type { State } from '../ui/status-glyph.tsx'
import { NodeTrouble } from './node-trouble.tsx'
import { ValuePreview } from './value-preview.tsx'

/** The item that a path points to, as people count: from 1, outer before inner. */
const itemName = (path: readonly number[] | undefined): string | undefined => path?.map((at) => at + 1).join('.')

const Streaming = ({ run }: { run: NodeRun }) => {
  const t = useT()
  const text = Object.values(run.streamed ?? {}).join('\n')
  const item = itemName(run.path)
  return (
    <div className="node-well" aria-live="off">
      {item && (
        <div className="caption">
          <span>{t('canvas.item-writing', { item })}</span>
        </div>
      )}
      <div className="newest">
        <div>
          {text.slice(-1_200)}
          <span className="caret" />
        </div>
      </div>
    </div>
  )
}

/** The result of the run, on the node that gives it out. */
const Result = ({ values, ports }: { values: Record<string, unknown>; ports: readonly WiredPort[] }) => (
  <>
    {ports
      .filter((port) => port.name in values)
      .slice(0, 3)
      .map((port) => (
        <div key={port.name} className="node-well">
          <div className="caption">
            <span>{port.name}</span>
          </div>
          <ValuePreview kind={port.kind} value={values[port.name]} />
        </div>
      ))}
  </>
)

type NodeWellProps = {
  node: PipelineNode
  state: State
  run: NodeRun | undefined
  /** What it shows is of before its last change. */
  outdated: boolean
  outputs: readonly WiredPort[]
  /** For a node at the end of the pipeline: the run's output and the ports that it comes from. */
  result?: { values: Record<string, unknown>; ports: readonly WiredPort[] } | undefined
}

/** What came out, on the node itself: live text, the newest value, or what went wrong and the way out. */
export const NodeWell = ({ node, state, run, outdated, outputs, result }: NodeWellProps) => {
  const t = useT()
  if (node.disabled) return null
  if (run?.error && !outdated && (state === 'failed' || (run.ended && run.items)))
    return <NodeTrouble node={node} run={run} />
  if (state === 'running' && run?.metrics)
    return (
      <div className="node-well" aria-live="off">
        <StepMetrics run={run} width={72} />
      </div>
    )
  if (state === 'streaming' && run?.streamed) return <Streaming run={run} />
  if (result && (state === 'succeeded' || outdated)) return <Result {...result} />
  const values = node.pin ?? run?.outputs
  const main = outputs.find((port) => values && port.name in values && !port.gone)
  if (!values || !main || state === 'queued' || state === 'running') return null
  const item = node.pin ? undefined : itemName(run?.path)
  return (
    <div className="node-well">
      {(node.pin || item) && (
        <div className="caption">
          <span>{node.pin ? t('canvas.pinned') : t('canvas.item', { item: item ?? '' })}</span>
        </div>
      )}
      <ValuePreview kind={main.kind} value={values[main.name]} />
    </div>
  )
}

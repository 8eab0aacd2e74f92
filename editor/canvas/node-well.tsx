import type { PipelineNode } from '#runtime/pipeline/document.ts'
import type { WiredPort } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import type { NodeRun } from '../run-dock/live-run.ts'
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

type NodeWellProps = { node: PipelineNode; state: State; run: NodeRun | undefined; outputs: readonly WiredPort[] }

/** What came out, on the node itself: live text, the newest value, or what went wrong and the way out. */
export const NodeWell = ({ node, state, run, outputs }: NodeWellProps) => {
  const t = useT()
  if (node.disabled) return null
  if (run?.error && (state === 'failed' || (run.ended && run.items))) return <NodeTrouble node={node} run={run} />
  if (state === 'streaming' && run?.streamed) return <Streaming run={run} />
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

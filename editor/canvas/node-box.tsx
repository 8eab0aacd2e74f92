import { memo } from 'react'
import { useStore } from 'zustand'
import { fullConfig } from '../document/defaults.ts'
import {
  useDesk,
  useEntry,
  useLive,
  useNode,
  useNodeFindings,
  useNodeRun,
  useOutdated,
  useView,
  useWiredNode,
} from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { kindClass } from '../ui/kind-jack.tsx'
import { Meter } from '../ui/meter.tsx'
import { Resizer, usePortPlaces } from './flow.tsx'
import { mainKind } from './main-kind.ts'
import { NodeFoot } from './node-foot.tsx'
import { NodeHead } from './node-head.tsx'
import { NodePorts } from './node-ports.tsx'
import { nodeProgress, nodeState } from './node-state.ts'
import { NodeWell } from './node-well.tsx'
import { nodeName, summaryOf } from './node-words.ts'

/** A node on the canvas. It subscribes to its own part of everything: a delta of text draws this node and no other. */
export const NodeBox = memo(({ id }: { id: string }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const node = useNode(id)
  const entry = useEntry(node?.type)
  const wired = useWiredNode(id)
  const findings = useNodeFindings(id)
  const run = useNodeRun(id)
  const runStatus = useLive((live) => live.run?.status)
  const result = useLive((live) => (entry?.boundary === 'end' ? live.run?.output : undefined))
  const selected = useView((view) => view.nodes.has(id))
  const changed = useOutdated(id)
  const isInRun = useStore(desk.live, (live) => live.run !== undefined)
  usePortPlaces(id, wired ? [...wired.inputs, ...wired.outputs].map((port) => port.name).join() : '')
  if (!node || !wired) return null

  const kind = mainKind(wired, entry)
  const state = nodeState({ node, findings, run, runStatus: isInRun ? runStatus : undefined, outdated: changed })
  const isLive = state === 'running' || state === 'streaming'
  const partly = run?.items !== undefined && run.items.failed > 0
  const outdated = changed && run?.ended === true && state === 'idle'
  const summary = entry && summaryOf(entry, fullConfig(entry, node))
  return (
    <article
      aria-label={nodeName(node, entry, local)}
      className={cn(
        'node',
        kindClass(kind),
        state,
        wired.mapped && 'mapped',
        outdated && 'outdated',
        selected && 'selected',
      )}
      data-node={id}
      data-state={state}
    >
      <NodeHead node={node} entry={entry} kind={kind} state={state} />
      {(isLive || (partly && !outdated)) && run && (
        <Meter {...nodeProgress(run)} name={t('canvas.progress')} segment={5} quiet={!isLive} />
      )}
      <NodePorts node={id} wired={wired} />
      {summary && <div className="node-summary">{summary}</div>}
      <NodeWell
        node={node}
        state={state}
        run={run}
        outdated={outdated}
        outputs={wired.outputs}
        result={result && { values: result, ports: wired.inputs }}
      />
      <NodeFoot node={node} state={state} run={run} outdated={outdated} findings={findings} />
      {selected && (
        <Resizer min={[144, 60]} max={[480, 2_000]} onResize={(width, height) => desk.resize(id, width, height)} />
      )}
    </article>
  )
})

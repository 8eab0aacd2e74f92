import { useMemo } from 'react'
import type { Edge, PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { nodeName } from '../canvas/node-words.ts'
import { type CatalogueMap, type WiredNode, type WiredPort, wire } from '../document/wiring.ts'
import { useLocal } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { KindJack, kindClass } from '../ui/kind-jack.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { mainPath } from './main-path.ts'

const nodeOf = (ref: string) => ref.slice(0, ref.indexOf('.'))
const portOf = (ref: string) => ref.slice(ref.indexOf('.') + 1)

const lineOf = (items: boolean) => cn('bg-(--k)', items ? 'stub-double' : 'h-[2.25px]')

type PortProps = { port: WiredPort; side: 'left' | 'right'; named: boolean }

/** A jack inside the border, with the stub of its wire. */
const Port = ({ port, side, named }: PortProps) => {
  const left = side === 'left'
  return (
    <div
      className={cn(
        'relative flex h-6 min-w-0 items-center text-ink-2',
        kindClass(port.kind),
        left ? 'pl-[27px]' : 'justify-end pr-[27px]',
      )}
    >
      <span className={cn('absolute w-2', left ? '-left-px' : '-right-px', lineOf(port.items))} />
      <KindJack kind={port.kind} silent className={cn('absolute', left ? 'left-1.5' : 'right-1.5')} />
      {named && <span className="truncate max-wide:hidden">{port.name}</span>}
    </div>
  )
}

type CardProps = {
  node: PipelineNode
  catalogue: CatalogueMap
  wired: WiredNode | undefined
  before?: Edge
  after?: Edge
}

const Card = ({ node, catalogue, wired, before, after }: CardProps) => {
  const local = useLocal()
  const entry = catalogue.get(node.type)
  const input = before && wired?.inputs.find((port) => port.name === portOf(before.to))
  const output = after && wired?.outputs.find((port) => port.name === portOf(after.from))
  return (
    <div
      className={cn(
        'min-w-0 flex-1 rounded-node bg-node text-small shadow-lift-2 ring ring-edge',
        wired?.mapped && 'stacked',
      )}
    >
      <div className="flex h-9 items-center gap-2 pr-2.5 pl-2">
        <NodeTile icon={entry?.icon ?? 'box'} kind={output?.kind ?? input?.kind ?? 'any'} />
        <span className="truncate text-[12.5px]/4 font-semibold">{nodeName(node, entry, local)}</span>
      </div>
      <div className="grid grid-cols-[1fr_auto] pt-px pb-[5px]">
        {input ? <Port port={input} side="left" named /> : <span />}
        {output && <Port port={output} side="right" named={!input} />}
      </div>
      <div className="truncate border-line border-t px-2.5 text-[11.5px]/[27px] text-ink-3">
        {entry ? local(entry.title) : node.type}
      </div>
    </div>
  )
}

/** The main path of the sample, drawn as its canvas draws it. A picture, not a control. */
export const SampleStage = ({ document, catalogue }: { document: PipelineDocument; catalogue: CatalogueMap }) => {
  const wiring = useMemo(() => wire(document, catalogue), [document, catalogue])
  const path = useMemo(() => mainPath(document, catalogue).slice(0, 4), [document, catalogue])
  const link = (from: string | undefined, to: string | undefined) =>
    document.edges.find((edge) => nodeOf(edge.from) === from && nodeOf(edge.to) === to)
  return (
    <div
      aria-hidden
      className="dotted-ground grid h-[206px] place-items-center overflow-hidden rounded-[14px] px-[18px] inset-ring inset-ring-line [--ground:var(--sunken)]"
    >
      <div className="flex w-full items-start">
        {path.map((id, at) => {
          const node = document.nodes.find((candidate) => candidate.id === id)
          const before = link(path[at - 1], id)
          const after = link(id, path[at + 1])
          const sender = before && wiring.nodes.get(nodeOf(before.from))
          const sent = sender?.outputs.find((port) => port.name === portOf(before?.from ?? ''))
          return (
            <div key={id} className="contents">
              {before && (
                <div className={cn('mt-[49px] w-7 shrink-0 max-wide:w-4', kindClass(sent?.kind ?? 'any'))}>
                  <div className={cn('relative -translate-y-1/2', lineOf(sent?.items ?? false))} />
                </div>
              )}
              {node && (
                <Card
                  node={node}
                  catalogue={catalogue}
                  wired={wiring.nodes.get(id)}
                  {...(before && { before })}
                  {...(after && { after })}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

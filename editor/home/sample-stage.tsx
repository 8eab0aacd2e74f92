import { useMemo } from 'react'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { type CatalogueMap, type WiredPort, wire } from '../document/wiring.ts'
import { useLocal } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { KindJack, kindClass } from '../ui/kind-jack.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { mainPath } from './main-path.ts'

const nodeOf = (ref: string) => ref.slice(0, ref.indexOf('.'))
const portOf = (ref: string) => ref.slice(ref.indexOf('.') + 1)

/** A wire's short stub from the jack to the border, double for items. */
const Stub = ({ items, side }: { items: boolean; side: 'left' | 'right' }) => (
  <span
    className={cn(
      'absolute bg-(--k)',
      side === 'left' ? '-left-px' : '-right-px',
      items ? 'stub-double' : 'h-[2.25px]',
    )}
    style={{ width: 8 }}
  />
)

const Port = ({ port, side }: { port: WiredPort | undefined; side: 'left' | 'right' }) => (
  <div
    className={cn(
      'relative flex h-6 min-w-0 items-center text-ink-2',
      side === 'left' ? 'pl-[27px]' : 'justify-end pr-[27px]',
    )}
  >
    {port && (
      <span className={cn('contents', kindClass(port.kind))}>
        {port.wired && <Stub items={port.items} side={side} />}
        <KindJack
          kind={port.kind}
          open={!port.wired}
          silent
          className={cn('absolute', side === 'left' ? 'left-1.5' : 'right-1.5')}
        />
        <span className="truncate">{port.name}</span>
      </span>
    )}
  </div>
)

/** The main path of the sample, drawn as its canvas draws it. A picture, not a control. */
export const SampleStage = ({ document, catalogue }: { document: PipelineDocument; catalogue: CatalogueMap }) => {
  const local = useLocal()
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
        {path.map((id, index) => {
          const node = document.nodes.find((candidate) => candidate.id === id)
          const entry = node && catalogue.get(node.type)
          const wired = wiring.nodes.get(id)
          const before = link(path[index - 1], id)
          const after = link(id, path[index + 1])
          const input = wired?.inputs.find((port) => before && port.name === portOf(before.to))
          const output = wired?.outputs.find((port) => (after ? port.name === portOf(after.from) : true))
          if (!node) return null
          return (
            <div key={id} className="contents">
              {index > 0 && input && (
                <div
                  className={cn('mt-[48px] w-[26px] shrink-0', kindClass(before ? cableKind(wiring, before) : 'any'))}
                >
                  <div className={cn('bg-(--k)', input.items ? 'stub-double relative w-full' : 'h-[2.25px] w-full')} />
                </div>
              )}
              <div
                className={cn(
                  'min-w-0 flex-1 rounded-node bg-node text-small shadow-lift-2 ring ring-edge',
                  wired?.mapped && 'stacked',
                )}
              >
                <div className="flex h-9 items-center gap-2 pr-2.5 pl-2">
                  <NodeTile icon={entry?.icon ?? 'box'} kind={output?.kind ?? input?.kind ?? 'any'} />
                  <span className="truncate text-[12.5px]/4 font-semibold">
                    {node.title ?? (entry && local(entry.title))}
                  </span>
                </div>
                <div className="grid grid-cols-2 pt-px pb-[5px]">
                  <Port port={input} side="left" />
                  <Port port={after ? output : undefined} side="right" />
                </div>
                <div className="truncate border-line border-t px-2.5 text-[11.5px]/[27px] text-ink-3">
                  {entry && local(entry.title)}
                </div>
              </div>
            </div>
          )
        })}
      </div>
    </div>
  )
}

const cableKind = (wiring: ReturnType<typeof wire>, edge: { from: string; to: string }) =>
  wiring.nodes.get(nodeOf(edge.from))?.outputs.find((port) => port.name === portOf(edge.from))?.kind ?? 'any'

import { useMemo } from 'react'
import type { Kind } from '#nodes/ports.ts'
import { useDesk, useDocument, useLive } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { ValueView } from '../ui/value-view.tsx'
import { outdatedNodes } from './outdated.ts'

/** What the run gave back, field by field. */
export const RunOutput = () => {
  const t = useT()
  const desk = useDesk()
  const output = useLive((live) => live.run?.output)
  const isActive = useLive((live) => live.run !== undefined && live.run.endedAt === undefined)
  const document = useDocument((of) => of)
  /** The kinds of the fields, by the inputs of the nodes that end the pipeline. */
  const kinds = useMemo(() => {
    const ends = document.nodes.filter((node) => desk.catalogue.get(node.type)?.boundary === 'end')
    const ports = ends.flatMap((node) => desk.wiring(document).nodes.get(node.id)?.inputs ?? [])
    return new Map(ports.map((port): [string, Kind] => [port.name, port.kind]))
  }, [document, desk])
  const ran = useLive((live) => live.run?.document)
  const outdated = useMemo(() => {
    const changed = ran && outdatedNodes(document, ran)
    return document.nodes.some((node) => changed?.has(node.id) && desk.catalogue.get(node.type)?.boundary === 'end')
  }, [document, ran, desk])
  const fields = Object.entries(output ?? {})
  if (fields.length === 0)
    return <p className="px-3 py-2.5 text-small text-ink-3">{t(isActive ? 'dock.output-later' : 'dock.no-output')}</p>
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-3 py-2.5">
      {outdated && <p className="mb-2 text-small font-medium text-wait">{t('canvas.outdated')}</p>}
      {fields.map(([name, value]) => (
        <div
          key={name}
          className="grid grid-cols-[120px_minmax(0,1fr)] gap-3 border-line border-b py-2 first:pt-0 last:border-b-0"
        >
          <span className="flex items-center gap-1.5 self-start text-small font-semibold">
            <KindJack kind={kinds.get(name) ?? 'any'} className="size-3.5" />
            <span className="truncate">{name}</span>
          </span>
          <ValueView kind={kinds.get(name) ?? 'any'} value={value} />
        </div>
      ))}
    </div>
  )
}

import { useMemo } from 'react'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { nodeName } from '../canvas/node-words.ts'
import { nodesById, useDesk, useDocument, useWiredNode } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { KindJack } from '../ui/kind-jack.tsx'

/** The inputs of a node and what is plugged into each; a free one can be plugged in from here. */
export const Connections = ({ node }: { node: PipelineNode }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const wired = useWiredNode(node.id)
  const document = useDocument((of) => of)
  const sources = useMemo(() => {
    const found = new Map<string, { node: string; name: string }[]>()
    for (const edge of document.edges) {
      const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
      if (to.node !== node.id) continue
      const source = nodesById(document).get(from.node)
      const name = source ? nodeName(source, desk.catalogue.get(source.type), local) : from.node
      found.set(to.port, [...(found.get(to.port) ?? []), { node: from.node, name }])
    }
    return found
  }, [document, node.id, desk, local])
  if (!wired || wired.inputs.length === 0) return null
  return (
    <section aria-label={t('inspector.inputs')} className="px-3.5 py-3">
      <h2 className="mb-0.5 text-small font-semibold">{t('inspector.inputs')}</h2>
      {wired.inputs.map((port) => (
        <div key={port.name} className="flex min-h-[26px] items-center gap-2 text-small">
          <KindJack kind={port.kind} open={!port.wired} silent />
          <span className={port.gone ? 'text-fail line-through' : ''}>{port.name}</span>
          <span className="num text-micro text-ink-3">{t(`ui.kind-${port.kind}`)}</span>
          <span className="flex min-w-0 flex-1 flex-wrap justify-end gap-x-2">
            {(sources.get(port.name) ?? []).map((source) => (
              <button
                key={source.node}
                type="button"
                onClick={() => desk.view.jump(source.node)}
                className="truncate text-ink-3 hover:text-ink hover:underline"
              >
                {source.name}
              </button>
            ))}
            {!port.wired && (
              <button
                type="button"
                onClick={() => desk.view.set({ wiring: { node: node.id, port: port.name } })}
                className={port.optional ? 'text-ink-3 hover:text-ink' : 'font-medium text-ink-2 hover:text-ink'}
              >
                {t(port.optional ? 'inspector.optional' : 'canvas.connect')}
              </button>
            )}
          </span>
        </div>
      ))}
    </section>
  )
}

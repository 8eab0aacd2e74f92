import { Pin, PinOff } from 'lucide-react'
import { useMemo } from 'react'
import type { Kind } from '#nodes/ports.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { nodeName } from '../canvas/node-words.ts'
import { nodesById, useDesk, useDocument, useLive, useNodeRun, useOutdated, useWiredNode } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { ValueView } from '../ui/value-view.tsx'
import { PinnedValues } from './pinned-values.tsx'

type Shown = { key: string; port: string; kind: Kind; value: unknown; from?: string }

const Values = ({ title, values, empty }: { title: string; values: readonly Shown[]; empty: string }) => (
  <section aria-label={title} className="px-3.5 py-3">
    <h2 className="mb-1.5 text-small font-semibold">{title}</h2>
    {values.length === 0 && <p className="text-small text-ink-3">{empty}</p>}
    {values.map(({ key, port, kind, value, from }) => (
      <div key={key} className="mb-3 last:mb-0">
        <div className="mb-1 flex items-center gap-1.5 text-small">
          <KindJack kind={kind} silent className="size-3.5" />
          <span className="text-ink-2">{port}</span>
          {from && <span className="ml-auto truncate text-ink-3">{from}</span>}
        </div>
        <div className="max-h-64 overflow-auto rounded-[6px] bg-sunken px-2.5 py-2 text-small">
          <ValueView kind={kind} value={value} />
        </div>
      </div>
    ))}
  </section>
)

/** What went into the node and came out of it in the run on the canvas, and the values that stand in for it. */
export const DataTab = ({ node }: { node: PipelineNode }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const wired = useWiredNode(node.id)
  const run = useNodeRun(node.id)
  const outdated = useOutdated(node.id) && run?.ended === true && !node.pin
  const runs = useLive((live) => live.run?.nodes)
  const document = useDocument((of) => of)

  const inputs = useMemo((): Shown[] => {
    const nodes = nodesById(document)
    return document.edges.flatMap((edge): Shown[] => {
      const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
      const source = nodes.get(from.node)
      const outputs = source?.pin ?? runs?.[from.node]?.outputs
      if (to.node !== node.id || !source || !outputs || !(from.port in outputs)) return []
      const kind =
        desk
          .wiring(document)
          .nodes.get(from.node)
          ?.outputs.find((port) => port.name === from.port)?.kind ?? 'any'
      const name = nodeName(source, desk.catalogue.get(source.type), local)
      return [{ key: `${edge.from} ${edge.to}`, port: to.port, kind, value: outputs[from.port], from: name }]
    })
  }, [document, runs, node.id, desk, local])
  const outputs = (wired?.outputs ?? []).flatMap((port): Shown[] =>
    run?.outputs && port.name in run.outputs
      ? [{ key: port.name, port: port.name, kind: port.kind, value: run.outputs[port.name] }]
      : [],
  )
  // A pin holds what a step gives out: JSON by the rules of every run.
  const pinRun = () => run?.outputs && desk.patch(node.id, { pin: run.outputs as NonNullable<PipelineNode['pin']> })
  return (
    <div className="flex flex-col divide-y divide-line">
      {outdated && <p className="px-3.5 py-2 text-small font-medium text-wait">{t('canvas.outdated')}</p>}
      {node.pin ? (
        <PinnedValues node={node} />
      ) : (
        <Values
          title={t('inspector.outputs')}
          values={outputs}
          empty={t(run ? 'inspector.nothing-out' : 'inspector.not-run')}
        />
      )}
      <div className="flex flex-col gap-1.5 px-3.5 py-3">
        {node.pin ? (
          <Button size="small" className="self-start" onClick={() => desk.patch(node.id, { pin: undefined })}>
            <PinOff aria-hidden />
            {t('inspector.unpin')}
          </Button>
        ) : (
          <Button size="small" className="self-start" disabled={outputs.length === 0} onClick={pinRun}>
            <Pin aria-hidden />
            {t('inspector.pin')}
          </Button>
        )}
        <p className="text-small text-ink-3">{t('inspector.pin-help')}</p>
      </div>
      {(wired?.inputs.length ?? 0) > 0 && (
        <Values title={t('inspector.inputs')} values={inputs} empty={t('inspector.nothing-in')} />
      )}
    </div>
  )
}

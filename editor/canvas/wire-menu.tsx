import { Command } from 'cmdk'
import { Dialog } from 'radix-ui'
import { useMemo } from 'react'
import { nodesById, useDesk, useView } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { type PortEnd, targetsOf } from './judge-wire.ts'
import { nodeName } from './node-words.ts'

type Choice = { id: string; from: PortEnd; to: PortEnd; label: string; kind: Parameters<typeof KindJack>[0]['kind'] }

/** Wires by keyboard: every connection that a node can make, found by typing. */
export const WireMenu = () => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const asked = useView((view) => view.wiring)
  const close = () => desk.view.set({ wiring: undefined })
  const choices = useMemo((): Choice[] => {
    if (!asked) return []
    const document = desk.store.getState().document
    const wiring = desk.wiring()
    const graph = { document, wiring, catalogue: desk.catalogue }
    const named = (id: string) => {
      const node = nodesById(document).get(id)
      return node ? nodeName(node, desk.catalogue.get(node.type), local) : id
    }
    const own = wiring.nodes.get(asked.node)
    const inputs = own?.inputs.filter((port) => (asked.port ? port.name === asked.port : true) && !port.gone) ?? []
    const outputs = asked.port ? [] : (own?.outputs.filter((port) => !port.gone) ?? [])
    const isThere = (from: string, to: string) => document.edges.some((edge) => edge.from === from && edge.to === to)
    const out = outputs.flatMap((port) =>
      [...targetsOf(graph, { node: asked.node, port: port.name }, 'output')].flatMap((ref): Choice[] => {
        const to = splitRef(ref)
        if (isThere(`${asked.node}.${port.name}`, ref)) return []
        return [
          {
            id: `${asked.node}.${port.name}>${ref}`,
            from: { node: asked.node, port: port.name },
            to,
            kind: port.kind,
            label: t('canvas.connect-to', { output: port.name, node: named(to.node), input: to.port }),
          },
        ]
      }),
    )
    const into = inputs.flatMap((port) =>
      [...targetsOf(graph, { node: asked.node, port: port.name }, 'input')].flatMap((ref): Choice[] => {
        const from = splitRef(ref)
        if (isThere(ref, `${asked.node}.${port.name}`)) return []
        const kind = wiring.nodes.get(from.node)?.outputs.find((one) => one.name === from.port)?.kind ?? 'any'
        return [
          {
            id: `${ref}>${asked.node}.${port.name}`,
            from,
            to: { node: asked.node, port: port.name },
            kind,
            label: t('canvas.connect-to', {
              output: `${named(from.node)}, ${from.port}`,
              node: named(asked.node),
              input: port.name,
            }),
          },
        ]
      }),
    )
    return [...out, ...into]
  }, [asked, desk, local, t])
  const repeated = useMemo(() => {
    const labels = choices.map(({ label }) => label)
    return new Set(labels.filter((label, at) => labels.indexOf(label) !== at))
  }, [choices])
  if (!asked) return null
  const node = nodesById(desk.store.getState().document).get(asked.node)
  const title = t('canvas.connect-from', {
    node: node ? nodeName(node, desk.catalogue.get(node.type), local) : asked.node,
  })
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil fixed inset-0 z-40 bg-ground/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="floating fixed top-[16vh] left-1/2 z-50 w-[440px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-panel bg-panel shadow-lift-3 outline-none ring ring-line"
        >
          <Dialog.Title className="px-4 pt-3 text-small font-semibold text-ink-2">{title}</Dialog.Title>
          <Command loop label={title}>
            <Command.Input
              autoFocus
              placeholder={t('canvas.connect-search')}
              className="h-10 w-full border-line border-b bg-transparent px-4 outline-none placeholder:text-ink-3"
            />
            {choices.length === 0 && <p className="px-4 py-6 text-ink-2">{t('canvas.connect-none')}</p>}
            <Command.List hidden={choices.length === 0} className="max-h-80 overflow-y-auto p-1.5">
              <Command.Empty className="px-2.5 py-6 text-center text-ink-2">{t('canvas.connect-none')}</Command.Empty>
              {choices.map(({ id, from, to, label, kind }) => (
                <Command.Item
                  key={id}
                  // Two nodes may share a name; cmdk tells rows apart by their value.
                  value={`${label} ${id}`}
                  onSelect={() => {
                    desk.wire(from, to)
                    close()
                  }}
                  className="flex h-[34px] cursor-default items-center gap-2.5 rounded-control px-2.5 data-[selected=true]:bg-hover"
                >
                  <KindJack kind={kind} className="size-3.5" />
                  <span className="truncate">{label}</span>
                  {repeated.has(label) && (
                    <span className="num ml-auto shrink-0 text-micro text-ink-3">
                      {from.node === asked.node ? to.node : from.node}
                    </span>
                  )}
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

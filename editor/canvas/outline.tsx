import { X } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { useDesk, useDocument, useView } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { mainKind } from './main-kind.ts'
import { nodeName } from './node-words.ts'

/** The pipeline as a list, in the order of its nodes from left to right: the canvas for ears and keys. */
export const Outline = () => (useView((view) => view.outline) ? <OutlineList /> : null)

const OutlineList = () => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const selected = useView((view) => view.nodes)
  const document_ = useDocument((document) => document)
  const list = useRef<HTMLUListElement>(null)
  const rows = useMemo(() => {
    const wiring = desk.wiring(document_)
    const named = new Map(
      document_.nodes.map((node) => [node.id, nodeName(node, desk.catalogue.get(node.type), local)]),
    )
    const goals = Map.groupBy(document_.edges, (edge) => splitRef(edge.from).node)
    return document_.nodes
      .filter((node) => !desk.catalogue.get(node.type)?.annotation)
      .toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
      .map((node) => {
        const to = (goals.get(node.id) ?? []).map((edge) => named.get(splitRef(edge.to).node) ?? splitRef(edge.to).node)
        const entry = desk.catalogue.get(node.type)
        return {
          id: node.id,
          name: named.get(node.id) ?? node.id,
          icon: entry?.icon ?? 'circle-question-mark',
          kind: mainKind(wiring.nodes.get(node.id), entry),
          to: [...new Set(to)].join(', '),
        }
      })
  }, [document_, desk, local])

  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[aria-pressed=true], button')?.focus()
  }, [])
  const close = () => desk.view.set({ outline: false })
  return (
    <nav
      aria-label={t('canvas.outline')}
      className="nokey floating absolute top-3 left-3 z-10 flex max-h-[calc(100%-24px)] w-64 flex-col rounded-panel bg-panel p-2 shadow-lift-3 ring ring-line"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
        if (step === 0) return
        event.preventDefault()
        const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
        const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
        buttons[(at + step + buttons.length) % buttons.length]?.focus()
      }}
    >
      <div className="flex items-center justify-between pb-1 pl-1.5">
        <b className="text-small font-semibold">{t('canvas.outline')}</b>
        <IconButton name={t('canvas.close')} size="small" onClick={close}>
          <X aria-hidden />
        </IconButton>
      </div>
      <ul ref={list} className="min-h-0 overflow-y-auto">
        {rows.length === 0 && <li className="px-1.5 py-2 text-small text-ink-3">{t('canvas.outline-empty')}</li>}
        {rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              aria-pressed={selected.has(row.id)}
              onClick={() => desk.view.jump(row.id)}
              className={cn(
                'flex w-full items-center gap-2 rounded-control px-1.5 py-1 text-left text-small -outline-offset-2 hover:bg-hover',
                selected.has(row.id) && 'bg-hover',
              )}
            >
              <NodeTile icon={row.icon} kind={row.kind} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{row.name}</span>
                {row.to && (
                  <span className="block truncate text-micro text-ink-3">
                    {t('canvas.outline-to', { nodes: row.to })}
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

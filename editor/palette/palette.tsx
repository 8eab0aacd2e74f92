import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { CatalogueEntry, Group } from '#nodes/define.ts'
import { useDesk } from '../document/desk.ts'
import type { PaletteState } from '../document/view-store.ts'
import { useT } from '../i18n/index.tsx'
import { isComposing } from '../ui/input.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { fittingTypes, kindAt } from './fitting.ts'
import { PaletteRow } from './palette-row.tsx'
import { searchCatalogue } from './search.ts'

/** In the order in which a pipeline is usually built. */
const groups: readonly Group[] = ['flow', 'prompt', 'retrieval', 'model', 'evaluate', 'data', 'train', 'deploy']

type PaletteProps = { state: PaletteState; onChoose: (type: string) => void; onClose: () => void }
type Part = { key: string; title: string; entries: CatalogueEntry[] }

/** Finds a node type in either language. First what fits the open end, then everything by group. */
export const Palette = ({ state, onChoose, onClose }: PaletteProps) => {
  const t = useT()
  const desk = useDesk()
  const [query, setQuery] = useState('')
  const frame = useRef<HTMLDivElement>(null)
  const all = useMemo(() => [...desk.catalogue.values()], [desk])

  useEffect(() => {
    const onDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) onClose()
    }
    addEventListener('pointerdown', onDown, true)
    return () => removeEventListener('pointerdown', onDown, true)
  }, [onClose])

  const parts = useMemo((): Part[] => {
    const fitting = state.end ? fittingTypes(all, desk.wiring(), state.end) : []
    const kind = state.end && kindAt(desk.wiring(), state.end)
    const fit = searchCatalogue(fitting, query)
    // With an open end only what fits is offered: everything else would stand there unwired.
    const rest = state.end ? [] : searchCatalogue(all, query)
    const first = { key: 'fits', title: kind ? t('palette.fits', { kind: t(`ui.kind-${kind}`) }) : '', entries: fit }
    if (query.trim() !== '') return [first, { key: 'found', title: t('palette.found'), entries: rest }]
    const grouped = groups.map((group) => ({
      key: group,
      title: t(`palette.group-${group}`),
      entries: rest.filter((entry) => entry.group === group),
    }))
    return [first, ...grouped]
  }, [state.end, all, desk, query, t])
  const isEmpty = parts.every((part) => part.entries.length === 0)

  return (
    <Command
      ref={frame}
      loop
      shouldFilter={false}
      label={t('palette.title')}
      className="palette floating nowheel nokey"
      onKeyDown={(event) => {
        event.stopPropagation()
        if (isComposing(event)) return
        if (event.key === 'Escape') onClose()
      }}
    >
      <div className="flex h-[30px] shrink-0 items-center gap-2 rounded-control bg-node px-[9px] inset-ring inset-ring-edge focus-within:inset-ring-ui">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        <Command.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder={t('palette.search', { count: all.length })}
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
        />
        <Kbd>/</Kbd>
      </div>
      {isEmpty && (
        <p className="px-1.5 py-4 text-small text-ink-3">{t(state.end ? 'palette.nothing-fits' : 'palette.nothing')}</p>
      )}
      <Command.List hidden={isEmpty} className="palette-list">
        {parts.map(
          (part) =>
            part.entries.length > 0 && (
              <Command.Group key={part.key} heading={part.title}>
                {part.entries.map((entry) => (
                  <PaletteRow
                    key={entry.type}
                    entry={entry}
                    group={part.key}
                    onChoose={() => onChoose(entry.type)}
                    onDragStart={() => requestAnimationFrame(onClose)}
                  />
                ))}
              </Command.Group>
            ),
        )}
      </Command.List>
    </Command>
  )
}

import {
  ClipboardPaste,
  Copy,
  CopyPlus,
  Network,
  PencilLine,
  Plus,
  Power,
  StickyNote,
  Trash2,
  Unplug,
} from 'lucide-react'
import { type MouseEvent, useState } from 'react'
import { nodesById, useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { useT } from '../i18n/index.tsx'
import type { MenuEntry } from '../ui/menu.tsx'
import { useClipboard } from './clipboard.ts'
import { useSight } from './flow-sight.tsx'
import { readEdgeId } from './places.ts'
import { useAddNote } from './use-add-note.ts'
import { useTidy } from './use-tidy.ts'

type Asked = { at: Point; node?: string | undefined; edge?: string | undefined }

/** The right-click menu of what lies under the pointer: nodes, a cable, or the ground. */
export const useCanvasMenu = () => {
  const t = useT()
  const desk = useDesk()
  const sight = useSight()
  const clipboard = useClipboard()
  const addNote = useAddNote()
  const tidy = useTidy()
  const [asked, setAsked] = useState<Asked>({ at: [0, 0] })

  const onAsk = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : undefined
    const node = target?.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined
    const edge = target?.closest('.react-flow__edge')?.getAttribute('data-id') ?? undefined
    if (node && !desk.view.getState().nodes.has(node)) desk.view.select([node])
    if (edge) desk.view.select([], [edge])
    setAsked({ at: [event.clientX, event.clientY], node, edge })
  }
  const place = () => sight.toPlace(asked.at)

  const onNodes = (): MenuEntry[] => {
    const ids = desk.view.getState().nodes
    const nodes = nodesById(desk.store.getState().document)
    const isOff = [...ids].every((id) => nodes.get(id)?.disabled)
    return [
      {
        label: t('canvas.rename'),
        icon: <PencilLine />,
        shortcut: 'F2',
        disabled: ids.size !== 1,
        onSelect: () => desk.view.set({ renaming: asked.node }),
      },
      {
        label: t(isOff ? 'canvas.turn-on' : 'canvas.turn-off'),
        icon: <Power />,
        shortcut: 'D',
        onSelect: () => desk.toggle(ids),
      },
      'line',
      { label: t('canvas.copy'), icon: <Copy />, shortcut: 'Mod+C', onSelect: () => void clipboard.copy() },
      { label: t('canvas.duplicate'), icon: <CopyPlus />, shortcut: 'Mod+D', onSelect: () => desk.duplicate(ids) },
      {
        label: t('canvas.tidy'),
        icon: <Network />,
        shortcut: 'Shift+T',
        disabled: ids.size < 2,
        onSelect: () => void tidy(),
      },
      'line',
      {
        label: t('canvas.delete', { count: ids.size }),
        icon: <Trash2 />,
        shortcut: 'Del',
        danger: true,
        onSelect: () => desk.remove(ids),
      },
    ]
  }
  const onEdge = (id: string): MenuEntry[] => [
    {
      label: t('canvas.insert-node'),
      icon: <Plus />,
      onSelect: () =>
        desk.view.set({ palette: { at: asked.at, place: place(), end: { side: 'edge', ...readEdgeId(id) } } }),
    },
    {
      label: t('canvas.unplug'),
      icon: <Unplug />,
      shortcut: 'Del',
      danger: true,
      onSelect: () => desk.unwire([readEdgeId(id)]),
    },
  ]
  const onGround = (): MenuEntry[] => [
    {
      label: t('canvas.add-node'),
      icon: <Plus />,
      shortcut: '/',
      onSelect: () => desk.view.set({ palette: { at: asked.at, place: place() } }),
    },
    { label: t('canvas.add-note'), icon: <StickyNote />, shortcut: 'N', onSelect: () => addNote(place()) },
    'line',
    {
      label: t('canvas.paste'),
      icon: <ClipboardPaste />,
      shortcut: 'Mod+V',
      onSelect: () => void clipboard.paste(place()),
    },
    { label: t('canvas.tidy-all'), icon: <Network />, onSelect: () => void tidy() },
  ]
  const entries = asked.node ? onNodes() : asked.edge ? onEdge(asked.edge) : onGround()
  return { entries, onAsk }
}

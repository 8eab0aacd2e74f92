import { CopyPlus, MoreHorizontal, PencilLine, Power, Trash2, X } from 'lucide-react'
import type { CatalogueEntry } from '#nodes/define.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { mainKind } from '../canvas/main-kind.ts'
import { useDesk, useWiredNode } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { isComposing } from '../ui/input.tsx'
import { Menu } from '../ui/menu.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { useSettledDraft } from './use-draft.ts'

/** Title, type and id, and what can be done with the node as a whole. */
export const InspectorHead = ({ node, entry }: { node: PipelineNode; entry: CatalogueEntry | undefined }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const wired = useWiredNode(node.id)
  const type = entry ? local(entry.title) : node.type
  const ids = new Set([node.id])
  const title = useSettledDraft(node.title ?? '', (text) =>
    desk.patch(node.id, { title: text.trim() === '' ? undefined : text.slice(0, 200) }, 'title'),
  )
  return (
    <header className="flex items-center gap-2.5 px-3.5 pt-3">
      <NodeTile icon={entry?.icon ?? 'circle-question-mark'} kind={mainKind(wired, entry)} size={28} />
      <div className="min-w-0 flex-1">
        <input
          aria-label={t('inspector.title')}
          placeholder={type}
          {...title.typed}
          onBlur={(event) => {
            title.settle()
            desk.title(node.id, event.target.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isComposing(event)) event.currentTarget.blur()
          }}
          className="-mx-1 w-full truncate rounded-[5px] bg-transparent px-1 text-[14px]/5 font-semibold outline-offset-0 placeholder:text-ink hover:bg-hover focus:bg-node focus:placeholder:text-ink-3"
        />
        <p className="truncate text-small text-ink-3">
          {type} · <span className="num text-micro">{node.id}</span>
        </p>
      </div>
      <Menu
        align="end"
        entries={[
          {
            label: t('canvas.rename'),
            icon: <PencilLine />,
            shortcut: 'F2',
            onSelect: () => desk.view.set({ renaming: node.id }),
          },
          { label: t('canvas.duplicate'), icon: <CopyPlus />, shortcut: 'Mod+D', onSelect: () => desk.duplicate(ids) },
          {
            label: t(node.disabled ? 'canvas.turn-on' : 'canvas.turn-off'),
            icon: <Power />,
            shortcut: 'D',
            onSelect: () => desk.toggle(ids),
          },
          'line',
          {
            label: t('canvas.delete', { count: 1 }),
            icon: <Trash2 />,
            shortcut: 'Del',
            danger: true,
            onSelect: () => desk.remove(ids),
          },
        ]}
      >
        <IconButton name={t('ui.more')}>
          <MoreHorizontal aria-hidden />
        </IconButton>
      </Menu>
      <IconButton name={t('ui.close')} onClick={() => desk.view.select([])} className="-ml-2">
        <X aria-hidden />
      </IconButton>
    </header>
  )
}

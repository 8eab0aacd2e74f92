import { Command } from 'cmdk'
import type { CatalogueEntry } from '#nodes/define.ts'
import { portsOfType } from '../canvas/judge-wire.ts'
import { useLocal } from '../i18n/index.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { NodeTile } from '../ui/node-tile.tsx'

/** What a node type is dragged as, from the palette to the canvas. */
export const dragType = 'application/x-patchbay-node'

type PaletteRowProps = { entry: CatalogueEntry; group: string; onChoose: () => void; onDragStart: () => void }

/** Tile, name and main output of a node type; a click adds it, a drag places it. */
export const PaletteRow = ({ entry, group, onChoose, onDragStart }: PaletteRowProps) => {
  const local = useLocal()
  const { inputs, outputs } = portsOfType(entry)
  const kind = outputs[0]?.[1].kind ?? inputs[0]?.[1].kind ?? 'any'
  return (
    <Command.Item
      value={`${group} ${entry.type}`}
      onSelect={onChoose}
      title={local(entry.docs).replaceAll('`', '')}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, entry.type)
        event.dataTransfer.effectAllowed = 'copy'
        onDragStart()
      }}
      data-type={entry.type}
      className="flex h-[30px] cursor-default items-center gap-[9px] rounded-control px-1.5 text-[12.5px] data-[selected=true]:bg-hover data-[selected=true]:font-semibold"
    >
      <NodeTile icon={entry.icon} kind={kind} />
      <span className="min-w-0 flex-1 truncate">{local(entry.title)}</span>
      {outputs[0] && <KindJack kind={outputs[0][1].kind} className="size-[13px]" />}
    </Command.Item>
  )
}

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect } from 'react'
import { StickyHead, Table } from './table.tsx'

type VirtualTableProps<Item> = {
  items: readonly Item[]
  /** The cells of the heading row. */
  head: ReactNode
  /** A `tr` with `aria-rowindex={at + 2}`, as tall as all others. */
  row: (item: Item, at: number) => ReactNode
  scroller: RefObject<HTMLElement | null>
  name: string
  rowHeight?: number
  onNearEnd?: () => void
}

/** A table that draws only the rows in view: ten thousand scroll like ten. */
export const VirtualTable = <Item,>(props: VirtualTableProps<Item>) => {
  const { items, head, row, scroller, name, rowHeight = 36, onNearEnd } = props
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - 10) onNearEnd?.()
  }, [last, items.length, onNearEnd])
  const above = rows[0]?.start ?? 0
  const below = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0)
  return (
    <Table aria-rowcount={items.length + 1} aria-label={name}>
      <StickyHead>
        <tr aria-rowindex={1}>{head}</tr>
      </StickyHead>
      <tbody>
        {above > 0 && <tr aria-hidden style={{ height: above }} />}
        {rows.map(({ index }) => {
          const item = items[index]
          return item !== undefined && row(item, index)
        })}
        {below > 0 && <tr aria-hidden style={{ height: below }} />}
      </tbody>
    </Table>
  )
}

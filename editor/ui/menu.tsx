import { Check } from 'lucide-react'
import { ContextMenu as ContextRadix, DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { Kbd } from './kbd.tsx'

export type MenuEntry =
  | {
      label: ReactNode
      icon?: ReactNode
      shortcut?: string
      danger?: true
      checked?: boolean
      disabled?: boolean
      onSelect: () => void
    }
  | 'line'
  | { heading: ReactNode }

type MenuProps = {
  entries: readonly MenuEntry[]
  /** The button that opens it. */
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'right' | 'bottom' | 'left'
}

/** Menus stand inside the page's landmark, so that nothing on the page is outside of one. */
const landmark = () => document.querySelector('main')

const panel = 'floating z-50 min-w-44 rounded-node bg-panel p-1 shadow-lift-3 ring ring-line'
const row =
  'flex h-[30px] cursor-default select-none items-center gap-2.5 rounded-[6px] px-2 text-body outline-none data-disabled:opacity-50 data-highlighted:bg-hover [&>svg]:size-4 [&>svg]:text-ink-2'

const rows = (entries: readonly MenuEntry[], Kit: typeof Radix | typeof ContextRadix) =>
  entries.map((entry, at) => {
    // Entries are static lists: their place is their identity.
    const key = String(at)
    if (entry === 'line') return <Kit.Separator key={key} className="mx-1 my-1 h-px bg-line" />
    if ('heading' in entry)
      return (
        <Kit.Label key={key} className="px-2 pt-1.5 pb-1 text-micro font-medium text-ink-3">
          {entry.heading}
        </Kit.Label>
      )
    return (
      <Kit.Item
        key={key}
        disabled={entry.disabled ?? false}
        onSelect={entry.onSelect}
        className={cn(row, entry.danger && 'text-fail [&>svg]:text-fail')}
      >
        {entry.icon}
        <span className="flex-1 whitespace-nowrap">{entry.label}</span>
        {entry.checked && <Check aria-hidden />}
        {entry.shortcut && <Kbd>{entry.shortcut}</Kbd>}
      </Kit.Item>
    )
  })

export const Menu = ({ entries, children, align = 'start', side = 'bottom' }: MenuProps) => (
  // Not modal: the page behind stays readable to those who hear it.
  <Radix.Root modal={false}>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal container={landmark()}>
      <Radix.Content align={align} side={side} sideOffset={4} collisionPadding={8} className={panel}>
        {rows(entries, Radix)}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)

/** The same menu on a right click or a long press. */
export const ContextMenu = ({ entries, children }: Pick<MenuProps, 'entries' | 'children'>) => (
  <ContextRadix.Root modal={false}>
    <ContextRadix.Trigger asChild>{children}</ContextRadix.Trigger>
    <ContextRadix.Portal container={landmark()}>
      <ContextRadix.Content collisionPadding={8} className={panel}>
        {rows(entries, ContextRadix)}
      </ContextRadix.Content>
    </ContextRadix.Portal>
  </ContextRadix.Root>
)

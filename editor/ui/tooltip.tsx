import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

type TooltipProps = {
  text: ReactNode
  shortcut?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactNode
}

/** A short name at the pointer or the focus. Never the only place of something one must know. */
export const Tooltip = ({ text, shortcut, side = 'bottom', children }: TooltipProps) => (
  <Radix.Root>
    <Radix.Trigger asChild>{children}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        side={side}
        sideOffset={6}
        collisionPadding={8}
        className="floating z-50 flex max-w-72 items-center gap-2 rounded-control bg-ink px-2 py-1 text-small text-ground shadow-lift-3"
      >
        {text}
        {shortcut && <Kbd className="text-ground inset-ring-ground/40">{shortcut}</Kbd>}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)

/** Holds the delay that all tooltips share; stands once around the app. */
export const Tooltips = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={350} skipDelayDuration={200}>
    {children}
  </Radix.Provider>
)

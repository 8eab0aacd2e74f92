import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

type PopoverProps = {
  /** The button that opens it. */
  trigger: ReactNode
  name: string
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'right' | 'bottom' | 'left'
  className?: string
  /** Where the focus goes when it closes; else back to its button. */
  onCloseFocus?: () => void
  children: ReactNode
}

export const Popover = ({
  trigger,
  name,
  open,
  onOpenChange,
  align = 'start',
  side = 'bottom',
  className,
  onCloseFocus,
  children,
}: PopoverProps) => (
  <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        aria-label={name}
        align={align}
        side={side}
        sideOffset={6}
        collisionPadding={8}
        // Escape ends a syllable first.
        onEscapeKeyDown={(event) => event.isComposing && event.preventDefault()}
        {...(onCloseFocus && {
          onCloseAutoFocus: (event: Event) => {
            event.preventDefault()
            onCloseFocus()
          },
        })}
        className={cn(
          'floating z-50 w-72 rounded-panel bg-panel p-4 shadow-lift-3 outline-none ring ring-line',
          className,
        )}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)

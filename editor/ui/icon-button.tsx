import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'
import { Tooltip } from './tooltip.tsx'

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'name'> & {
  /** What it does; read aloud and shown as a tooltip. */
  name: string
  shortcut?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  size?: 'small' | 'medium' | 'large'
  on?: boolean
  children: ReactNode
}

const sizes = {
  small: 'size-6 [&_svg]:size-3.5',
  medium: 'size-7 [&_svg]:size-4',
  large: 'size-[34px] [&_svg]:size-[18px]',
}

/** A button that is only an icon. `on` makes it a toggle. */
export const IconButton = ({ name, shortcut, side, size = 'medium', on, className, ...rest }: IconButtonProps) => (
  <Tooltip text={name} {...(shortcut && { shortcut })} {...(side && { side })}>
    <button
      type="button"
      aria-label={name}
      aria-pressed={on}
      className={cn(
        'grid shrink-0 place-items-center rounded-control text-ink-2 transition-colors enabled:hover:bg-hover enabled:hover:text-ink disabled:cursor-not-allowed disabled:opacity-40',
        sizes[size],
        on && 'bg-hover text-ink',
        className,
      )}
      {...rest}
    />
  </Tooltip>
)

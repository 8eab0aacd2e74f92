import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-control font-medium transition-[background-color,filter,color] disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50',
  {
    variants: {
      variant: {
        plain: 'bg-node inset-ring inset-ring-edge enabled:hover:bg-hover',
        primary: 'bg-ink text-ground enabled:hover:bg-ink-2',
        ghost: 'text-ink-2 enabled:hover:bg-hover enabled:hover:text-ink',
        lime: 'bg-signal font-bold text-on-signal inset-ring inset-ring-signal-line enabled:hover:brightness-[1.04]',
        danger: 'bg-node text-fail inset-ring inset-ring-fail/45 enabled:hover:bg-fail-soft',
      },
      size: {
        small: 'h-[26px] gap-[5px] px-[9px] text-small [&_svg]:size-3.5',
        medium: 'h-[30px] gap-[7px] px-3 text-body [&_svg]:size-4',
        large: 'h-9 gap-2 px-4 text-body [&_svg]:size-4',
      },
    },
    defaultVariants: { variant: 'plain', size: 'medium' },
  },
)

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof look> & { asChild?: boolean }

/** `primary` is ink, at most a few per screen; `lime` is for run and live alone, at most one. */
export const Button = ({ variant, size, asChild, className, type, ...rest }: ButtonProps) => {
  const Tag = asChild ? Slot.Root : 'button'
  return (
    <Tag type={asChild ? undefined : (type ?? 'button')} className={cn(look({ variant, size }), className)} {...rest} />
  )
}

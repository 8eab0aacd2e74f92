import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const look = cva(
  'inline-flex h-5 shrink-0 items-center gap-[5px] whitespace-nowrap rounded-chip px-[7px] text-[11.5px] font-medium [&_svg]:size-3',
  {
    variants: {
      tone: {
        quiet: 'bg-hover text-ink-2',
        line: 'text-ink-2 inset-ring inset-ring-edge',
        fail: 'bg-fail-soft text-fail',
        wait: 'bg-wait-soft text-wait',
        live: 'bg-signal-soft text-signal-ink',
      },
    },
    defaultVariants: { tone: 'quiet' },
  },
)

/** A word that qualifies what it stands beside: draft, failed, v8. */
export const Chip = ({ tone, className, ...rest }: ComponentProps<'span'> & VariantProps<typeof look>) => (
  <span className={cn(look({ tone }), className)} {...rest} />
)

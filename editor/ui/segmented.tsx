import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

type SegmentedProps<V extends string> = {
  value: V
  onChange: (value: V) => void
  options: readonly { value: V; label: ReactNode; count?: number }[]
  name: string
  className?: string
}

/** One of a few choices, all in sight. */
export const Segmented = <V extends string>({ value, onChange, options, name, className }: SegmentedProps<V>) => (
  <ToggleGroup.Root
    type="single"
    aria-label={name}
    value={value}
    onValueChange={(next) => next && onChange(next as V)}
    className={cn('inline-flex shrink-0 gap-px rounded-[8px] bg-hover p-0.5', className)}
  >
    {options.map((option) => (
      <ToggleGroup.Item
        key={option.value}
        value={option.value}
        className="inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-[6px] px-2.5 text-small font-medium text-ink-2 transition-colors hover:text-ink data-[state=on]:bg-node data-[state=on]:text-ink data-[state=on]:shadow-lift-1 dark:data-[state=on]:bg-edge"
      >
        {option.label}
        {option.count !== undefined && <span className="num font-normal text-ink-3">{option.count}</span>}
      </ToggleGroup.Item>
    ))}
  </ToggleGroup.Root>
)

import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export type Tab<V extends string> = { value: V; label: ReactNode; content: ReactNode }

type TabsProps<V extends string> = {
  tabs: readonly Tab<V>[]
  value: V
  onChange: (value: V) => void
  name: string
  className?: string
  /** Of the row of tabs: its side padding. */
  listClassName?: string
  contentClassName?: string
}

export const Tabs = <V extends string>(props: TabsProps<V>) => {
  const { tabs, value, onChange, name, className, listClassName, contentClassName } = props
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as V)}
      className={cn('flex min-h-0 flex-1 flex-col', className)}
    >
      <Radix.List aria-label={name} className={cn('flex shrink-0 gap-4 border-line border-b px-3.5', listClassName)}>
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-[34px] items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 text-[12.5px] font-medium text-ink-3 transition-colors hover:text-ink data-[state=active]:border-ink data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.value}
          value={tab.value}
          className={cn('min-h-0 flex-1 overflow-y-auto', contentClassName)}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}

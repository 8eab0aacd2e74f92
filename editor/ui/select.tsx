import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import type { FieldControl } from './field.tsx'
import { controlLook } from './input.tsx'

export type Option<V extends string> = { value: V; label: ReactNode; detail?: ReactNode; disabled?: boolean }

type SelectProps<V extends string> = Partial<FieldControl> & {
  value: V | undefined
  onChange: (value: V) => void
  options: readonly Option<V>[]
  placeholder?: string
  /** Needed where no Field names it. */
  name?: string
  disabled?: boolean
  className?: string
}

export const Select = <V extends string>(props: SelectProps<V>) => {
  const { value, onChange, options, placeholder, name, disabled, className, ...control } = props
  return (
    <Radix.Root value={value ?? ''} onValueChange={(chosen) => onChange(chosen as V)} disabled={disabled ?? false}>
      <Radix.Trigger
        {...control}
        aria-label={name}
        className={cn(
          controlLook,
          'flex h-[30px] items-center justify-between gap-2 data-placeholder:text-ink-3',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="floating z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-node bg-panel p-1 shadow-lift-3 ring ring-line"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="flex min-h-[30px] cursor-default select-none items-center gap-2 rounded-[6px] py-1 pr-2 pl-2 text-body outline-none data-disabled:opacity-50 data-highlighted:bg-hover"
              >
                <div className="min-w-0 flex-1">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.detail && <div className="text-small text-ink-3">{option.detail}</div>}
                </div>
                <Radix.ItemIndicator>
                  <Check aria-hidden className="size-3.5" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

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

/**
 * The browser's own select, drawn in our look where the browser lets us (`appearance: base-select`), so that keyboards,
 * screen readers and phones find what they know. Labels may hold more than text; elsewhere their text is shown.
 */
export const Select = <V extends string>(props: SelectProps<V>) => {
  const { value, onChange, options, placeholder, name, disabled, className, ...control } = props
  return (
    <select
      {...control}
      aria-label={name}
      value={value ?? ''}
      disabled={disabled}
      // The value is one of the options' own.
      onChange={(event) => onChange(event.target.value as V)}
      className={cn(controlLook, 'select h-[30px] cursor-pointer', value === undefined && 'text-ink-3', className)}
    >
      {value === undefined && (
        <option value="" disabled hidden>
          {placeholder}
        </option>
      )}
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
          {option.detail && <span className="text-small text-ink-3"> {option.detail}</span>}
        </option>
      ))}
    </select>
  )
}

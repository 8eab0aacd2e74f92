import { type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

/** Attributes that tie a control to its label, help and error. Spread them on the control. */
export type FieldControl = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

type FieldProps = {
  label: ReactNode
  /** At the right of the label, in grey: a unit, a count. */
  aside?: ReactNode
  help?: ReactNode
  error?: ReactNode
  className?: string
  children: (control: FieldControl) => ReactNode
}

/**
 * A labelled control with help and error.
 * @example <Field label={t('settings.name')} error={error}>{(control) => <Input {...control} … />}</Field>
 */
export const Field = ({ label, aside, help, error, className, children }: FieldProps) => {
  const id = useId()
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={cn('flex min-w-0 flex-col gap-[7px]', className)}>
      <div className="flex items-center justify-between gap-2 text-small">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {aside && <span className="text-ink-3">{aside}</span>}
      </div>
      {children({
        id,
        ...(described && { 'aria-describedby': described }),
        ...(error && { 'aria-invalid': true as const }),
      })}
      {help && (
        <p id={`${id}-help`} className="text-small text-ink-3">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-small text-fail">
          {error}
        </p>
      )}
    </div>
  )
}

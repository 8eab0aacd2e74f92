import type { ComponentProps, KeyboardEvent } from 'react'
import { cn } from './cn.ts'

export const controlLook =
  'w-full min-w-0 rounded-control bg-node px-[9px] text-body text-ink inset-ring inset-ring-ui outline-offset-0 transition-shadow placeholder:text-ink-3 focus-visible:outline-2 focus-visible:outline-signal-line disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:inset-ring-fail'

/** Whether this key press belongs to an input method that is composing Hangul; such an Enter never submits. */
export const isComposing = (event: KeyboardEvent): boolean => event.nativeEvent.isComposing || event.keyCode === 229

type InputProps = ComponentProps<'input'> & { mono?: boolean; onEnter?: () => void }

export const Input = ({ mono, onEnter, onKeyDown, className, ...rest }: InputProps) => (
  <input
    className={cn(controlLook, 'h-[30px]', mono && 'num text-small', className)}
    autoComplete="off"
    spellCheck={false}
    onKeyDown={(event) => {
      onKeyDown?.(event)
      if (event.key !== 'Enter') return
      if (isComposing(event)) event.preventDefault()
      else onEnter?.()
    }}
    {...rest}
  />
)

type TextareaProps = ComponentProps<'textarea'> & { mono?: boolean }

/** Grows with its text; `rows` is the least. */
export const Textarea = ({ mono, className, ...rest }: TextareaProps) => (
  <textarea
    className={cn(
      controlLook,
      'field-sizing-content max-h-80 resize-y py-[5px] ko:leading-[22px]',
      mono && 'num text-small',
      className,
    )}
    rows={3}
    {...rest}
  />
)

import { Input } from '../../ui/input.tsx'
import type { FieldProps } from '../field-props.ts'
import { useDraft } from '../use-draft.ts'

export const TextField = ({ spec, value, onChange, control }: FieldProps) => (
  <Input {...control} maxLength={spec.maxLength} {...useDraft(String(value ?? ''), onChange)} />
)

/** A regular expression. */
export const PatternField = ({ value, onChange, control }: FieldProps) => (
  <div className="relative">
    <span aria-hidden className="num absolute inset-y-0 left-2.5 grid place-items-center text-small text-ink-3">
      /
    </span>
    <Input {...control} mono className="px-[18px]" {...useDraft(String(value ?? ''), onChange)} />
    <span aria-hidden className="num absolute inset-y-0 right-2.5 grid place-items-center text-small text-ink-3">
      /
    </span>
  </div>
)

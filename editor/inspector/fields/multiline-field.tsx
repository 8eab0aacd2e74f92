import { Textarea } from '../../ui/input.tsx'
import type { FieldProps } from '../field-props.ts'
import { useDraft } from '../use-draft.ts'

export const MultilineField = ({ spec, value, onChange, control }: FieldProps) => (
  <Textarea {...control} maxLength={spec.maxLength} rows={4} {...useDraft(String(value ?? ''), onChange)} />
)

export const CodeField = ({ value, onChange, control }: FieldProps) => (
  <Textarea {...control} mono rows={8} spellCheck={false} {...useDraft(String(value ?? ''), onChange)} />
)

/** A list of texts, one per line. */
export const LinesField = ({ value, onChange, control }: FieldProps) => {
  const lines = Array.isArray(value) ? value.map(String) : []
  const draft = useDraft(lines.join('\n'), (text) => {
    const next = text.split('\n').filter((line) => line !== '')
    onChange(next.length > 0 ? next : undefined)
  })
  return <Textarea {...control} mono rows={2} {...draft} />
}

import { useState } from 'react'
import { useT } from '../../i18n/index.tsx'
import { Textarea } from '../../ui/input.tsx'
import type { FieldProps } from '../field-props.ts'
import { useDraft } from '../use-draft.ts'

const written = (value: unknown): string =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    ? ''
    : JSON.stringify(value, undefined, 2)

/** JSON as text. The document only ever gets what can be read; the text stays as it is typed. */
export const JsonField = ({ value, onChange, control, spec }: FieldProps) => {
  const t = useT()
  const [wrong, setWrong] = useState<string | undefined>()
  const draft = useDraft(written(value), (text) => {
    if (text.trim() === '') {
      setWrong(undefined)
      return onChange(undefined)
    }
    try {
      const read: unknown = JSON.parse(text)
      setWrong(undefined)
      // The same value in another layout is no edit.
      if (JSON.stringify(read) !== JSON.stringify(value)) onChange(read)
    } catch {
      setWrong(t('inspector.not-json'))
    }
  })
  return (
    <>
      <Textarea
        {...control}
        {...(wrong !== undefined && { 'aria-invalid': true })}
        mono
        rows={spec.control === 'schema' ? 6 : 4}
        placeholder={spec.control === 'schema' ? '{ "type": "object", "properties": {} }' : '{}'}
        spellCheck={false}
        {...draft}
      />
      {wrong && (
        <p role="alert" className="text-small text-fail">
          {wrong}
        </p>
      )}
    </>
  )
}

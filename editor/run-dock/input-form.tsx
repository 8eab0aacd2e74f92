import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { InputField } from '#runtime/pipeline/run-input.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input, isComposing, Textarea } from '../ui/input.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { Switch } from '../ui/switch.tsx'

type InputFormProps = {
  fields: ReadonlyMap<string, InputField>
  values: Record<string, unknown>
  onStart: (input: Record<string, unknown>) => void
  busy: boolean
  error: unknown
}

/** A value as the form holds it: text for all kinds but boolean, which is read when the form is sent. */
type Draft = string | boolean

const draftOf = (value: unknown, field: InputField): Draft => {
  if (field.kind === 'boolean') return value === true
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
}

const readDraft = (
  draft: Draft,
  field: InputField,
): { value: unknown } | { problem: 'number' | 'json' | 'empty' } | 'absent' => {
  if (typeof draft === 'boolean') return { value: draft }
  if (draft.trim() === '' && field.kind !== 'text') return field.required ? { problem: 'empty' } : 'absent'
  if (field.kind === 'text') return draft === '' && !field.required ? 'absent' : { value: draft }
  if (field.kind === 'number') {
    const value = Number(draft.trim().replace(',', '.'))
    return Number.isFinite(value) ? { value } : { problem: 'number' }
  }
  try {
    return { value: JSON.parse(draft) as unknown }
  } catch {
    // Any value may be plain text; a json field may not.
    return field.kind === 'any' ? { value: draft } : { problem: 'json' }
  }
}

/** A required text may be empty, but hardly ever is meant to be. */
const isBlank = (draft: Draft | undefined, field: InputField): boolean =>
  field.kind === 'text' && field.required && typeof draft === 'string' && draft.trim() === ''

/** Asks for the input of a run, one control per field. */
export const InputForm = ({ fields, values, onStart, busy, error }: InputFormProps) => {
  const t = useT()
  const [drafts, setDrafts] = useState(
    () => new Map([...fields].map(([name, field]) => [name, draftOf(values[name], field)])),
  )
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map())

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    const input: Record<string, unknown> = {}
    const wrong = new Map<string, string>()
    for (const [name, field] of fields) {
      const read = readDraft(drafts.get(name) ?? '', field)
      if (read === 'absent') continue
      if ('problem' in read) wrong.set(name, t(`dock.input-${read.problem}`))
      else input[name] = read.value
    }
    setProblems(wrong)
    if (wrong.size === 0 && !busy) onStart(input)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !isComposing(event)) {
      event.preventDefault()
      event.stopPropagation()
      submit()
    }
  }
  const set = (name: string, draft: Draft) => setDrafts((old) => new Map(old).set(name, draft))

  return (
    <form onSubmit={submit} onKeyDown={onKey} className="flex flex-col gap-3.5">
      {[...fields].map(([name, field], at) => (
        <Field
          key={name}
          label={
            <span className="flex items-center gap-1.5">
              <KindJack kind={field.kind} silent className="size-3.5" />
              {field.title ?? name}
            </span>
          }
          aside={t(`ui.kind-${field.kind}`)}
          help={isBlank(drafts.get(name), field) && <span className="text-wait">{t('dock.input-blank')}</span>}
          error={problems.get(name)}
        >
          {(control) => {
            const draft = drafts.get(name) ?? ''
            if (typeof draft === 'boolean')
              return <Switch {...control} checked={draft} onChange={(on) => set(name, on)} />
            const common = { ...control, autoFocus: at === 0, value: draft }
            return field.kind === 'number' ? (
              <Input {...common} mono inputMode="decimal" onChange={(event) => set(name, event.target.value)} />
            ) : (
              <Textarea
                {...common}
                mono={field.kind !== 'text'}
                rows={field.kind === 'text' ? 3 : 4}
                onChange={(event) => set(name, event.target.value)}
              />
            )
          }}
        </Field>
      ))}
      {fields.size === 0 && <p className="text-ink-2">{t('dock.no-input')}</p>}
      {error !== undefined && <ErrorState error={error} />}
      <div className="flex items-center justify-end gap-2">
        <Button type="submit" variant="lime" disabled={busy}>
          {t('dock.run')}
          <Kbd className="text-on-signal inset-ring-on-signal/30">Mod+Enter</Kbd>
        </Button>
      </div>
    </form>
  )
}

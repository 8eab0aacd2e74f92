import { useState } from 'react'
import { useT } from '../../i18n/index.tsx'
import { Input } from '../../ui/input.tsx'
import { Slider } from '../../ui/slider.tsx'
import type { FieldProps } from '../field-props.ts'
import type { FieldSpec } from '../field-spec.ts'
import { unitWords } from '../unit-words.ts'
import { useDraft, useSettledDraft } from '../use-draft.ts'

const clamp = (value: number, { min, max, whole }: FieldSpec): number => {
  const within = Math.min(max ?? value, Math.max(min ?? value, value))
  return whole ? Math.round(within) : within
}

/** A number; an empty field means the default. What is out of bounds is told, not changed under the hand. */
export const NumberField = ({ spec, value, onChange, control }: FieldProps) => {
  const t = useT()
  const [wrong, setWrong] = useState(false)
  const draft = useDraft(value === undefined || value === null ? '' : String(value), (text) => {
    const read = Number(text.trim().replace(',', '.'))
    const isEmpty = text.trim() === ''
    setWrong(!isEmpty && !Number.isFinite(read))
    if (isEmpty) onChange(undefined)
    else if (Number.isFinite(read)) onChange(read)
  })
  return (
    <div className="relative">
      <Input
        {...control}
        {...(wrong && { 'aria-invalid': true })}
        mono
        inputMode="decimal"
        placeholder={t('inspector.unset')}
        {...draft}
      />
      {spec.unit && (
        <span className="pointer-events-none absolute inset-y-0 right-2.5 grid place-items-center text-small text-ink-3">
          {unitWords(spec.unit, t)}
        </span>
      )}
    </div>
  )
}

/** A number between two bounds: a track with its value beside it, which can also be typed and is bounded when left. */
export const SliderField = ({ spec, value, onChange, control, name }: FieldProps) => {
  const [min, max] = [spec.min ?? 0, spec.max ?? 1]
  const known = typeof value === 'number' ? value : typeof spec.fallback === 'number' ? spec.fallback : min
  const step = spec.whole ? 1 : (max - min) / 20 >= 0.1 ? 0.1 : 0.05
  const draft = useSettledDraft(String(known), (text) => {
    const read = Number(text.replace(',', '.'))
    if (text.trim() !== '' && Number.isFinite(read)) onChange(clamp(read, spec))
  })
  return (
    <div className="flex items-center gap-3">
      <Slider
        {...control}
        name={name}
        value={known}
        min={min}
        max={max}
        step={step}
        onChange={(next) => onChange(Number(next.toFixed(4)))}
      />
      <Input
        mono
        aria-label={name}
        className="w-14 shrink-0 text-right"
        inputMode="decimal"
        {...draft.typed}
        onBlur={draft.settle}
      />
    </div>
  )
}

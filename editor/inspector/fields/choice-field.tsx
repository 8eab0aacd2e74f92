import { useLocal } from '../../i18n/index.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import type { FieldProps } from '../field-props.ts'

/** One of a few: side by side when there is room, else a list. */
export const ChoiceField = ({ spec, value, onChange, control, name }: FieldProps) => {
  const local = useLocal()
  const options = (spec.choices ?? []).map((choice) => ({
    value: choice.value,
    label: choice.label ? local(choice.label) : choice.value,
  }))
  const length = options.reduce((sum, option) => sum + option.label.length, 0)
  const chosen = typeof value === 'string' ? value : undefined
  if (options.length <= 3 && length <= 26 && chosen !== undefined)
    return <Segmented name={name} options={options} value={chosen} onChange={onChange} />
  return <Select {...control} value={chosen} onChange={onChange} options={options} />
}

export const ToggleField = ({ value, onChange, control }: FieldProps) => (
  <Switch {...control} checked={value === true} onChange={onChange} />
)

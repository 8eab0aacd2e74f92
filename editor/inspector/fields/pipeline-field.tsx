import { useAllPipelines } from '../../api/pipelines.ts'
import { useT } from '../../i18n/index.tsx'
import { Select } from '../../ui/select.tsx'
import type { FieldProps } from '../field-props.ts'

/** A pipeline that is published, by its id; or none. */
export const PipelineField = ({ value, onChange, control }: FieldProps) => {
  const t = useT()
  const items = useAllPipelines()
  const chosen = typeof value === 'string' ? value : ''
  const known = items.map(({ id, name, version }) => ({
    value: id,
    label: name,
    disabled: version === null,
    ...(version === null && { detail: t('settings.not-published') }),
  }))
  // What was deleted, or is not read yet, still says what the document names.
  const lost = chosen !== '' && !items.some(({ id }) => id === chosen)
  return (
    <Select
      {...control}
      value={chosen}
      onChange={onChange}
      options={[
        { value: '', label: t('inspector.no-pipeline') },
        ...known,
        ...(lost ? [{ value: chosen, label: chosen }] : []),
      ]}
    />
  )
}

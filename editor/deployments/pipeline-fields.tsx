import { useEffect, useMemo } from 'react'
import { useCatalogue } from '../api/catalogue.ts'
import { faultAt, faultWords } from '../api/fault-words.ts'
import { useVersion } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { chatChoices, type FieldChoice, onlyFit } from './chat-choices.ts'

export type ServedFields = { input?: string | undefined; output?: string | undefined }

type PipelineFieldsProps = {
  pipeline: string
  version: number
  value: ServedFields
  onChange: (value: ServedFields) => void
  /** What the server refused. */
  error: unknown
}

/** Where a chat goes into a published pipeline and comes out of it, out of the fields that it has. */
export const PipelineFields = ({ pipeline, version, value, onChange, error }: PipelineFieldsProps) => {
  const t = useT()
  const published = useVersion(pipeline, version)
  const { data: catalogue } = useCatalogue()
  const { data } = published
  const choices = useMemo(() => data && catalogue && chatChoices(data.document, catalogue), [data, catalogue])
  useEffect(() => {
    if (choices) onChange({ input: onlyFit(choices.inputs), output: onlyFit(choices.outputs) })
  }, [choices, onChange])
  if (published.error) return <ErrorState error={published.error} onRetry={() => void published.refetch()} />
  const { input, output } = value
  const fault = input !== undefined && output !== undefined ? choices?.faultOf(input, output) : undefined
  const wrong = (side: 'input' | 'output', fields: readonly FieldChoice[] | undefined) => {
    if (fault?.at === side) return faultWords(fault, t)
    if (fields && !fields.some(({ fits }) => fits)) return t('deployments.no-chat-field')
    return faultAt(error, `/target/${side}`, t)
  }
  const one = (side: 'input' | 'output', fields: readonly FieldChoice[] | undefined) => (
    <Field label={t(`deployments.${side}`)} error={wrong(side, fields)}>
      {(control) => (
        <Select
          {...control}
          value={value[side]}
          onChange={(name) => onChange({ ...value, [side]: name })}
          placeholder={t('deployments.choose-field')}
          disabled={!fields}
          options={(fields ?? []).map(({ name, kind, fits }) => ({
            value: name,
            label: name,
            detail: kind,
            disabled: !fits,
          }))}
        />
      )}
    </Field>
  )
  return (
    <div className="grid grid-cols-2 gap-3">
      {one('input', choices?.inputs)}
      {one('output', choices?.outputs)}
    </div>
  )
}

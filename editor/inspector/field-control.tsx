import type { ComponentType } from 'react'
import type { FieldProps } from './field-props.ts'
import type { Control } from './field-spec.ts'
import { CasesField } from './fields/cases-field.tsx'
import { ChoiceField, ToggleField } from './fields/choice-field.tsx'
import { FieldsField } from './fields/fields-field.tsx'
import { JsonField } from './fields/json-field.tsx'
import { ModelField } from './fields/model-field.tsx'
import { CodeField, LinesField, MultilineField } from './fields/multiline-field.tsx'
import { NumberField, SliderField } from './fields/number-field.tsx'
import { PipelineField } from './fields/pipeline-field.tsx'
import { ResourceField } from './fields/resource-field.tsx'
import { TemplateField } from './fields/template-field.tsx'
import { PatternField, TextField } from './fields/text-field.tsx'

/** One component per kind of field. */
const controls: Record<Control, ComponentType<FieldProps>> = {
  text: TextField,
  multiline: MultilineField,
  template: TemplateField,
  code: CodeField,
  json: JsonField,
  schema: JsonField,
  slider: SliderField,
  number: NumberField,
  model: ModelField,
  pipeline: PipelineField,
  fields: FieldsField,
  cases: CasesField,
  resource: ResourceField,
  pattern: PatternField,
  choice: ChoiceField,
  toggle: ToggleField,
  lines: LinesField,
}

export const FieldByControl = (props: FieldProps) => {
  const Component = controls[props.spec.control]
  return <Component {...props} />
}

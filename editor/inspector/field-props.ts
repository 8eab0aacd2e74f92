import type { PipelineNode } from '#runtime/pipeline/document.ts'
import type { FieldControl } from '../ui/field.tsx'
import type { FieldSpec } from './field-spec.ts'

/** What every field component is given. `undefined` takes the value out of the document: the default counts again. */
export type FieldProps = {
  spec: FieldSpec
  value: unknown
  onChange: (value: unknown) => void
  control: FieldControl
  node: PipelineNode
  /** The field's name on screen, for controls of several parts. */
  name: string
}

import type { Kind } from '#nodes/ports.ts'
import { chatFieldsOf, isChat, outputFields } from '#runtime/pipeline/chat-fields.ts'
import { parseConfigBySchema } from '#runtime/pipeline/config.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Fault } from '#runtime/pipeline/faults.ts'
import { lift } from '#runtime/pipeline/lift.ts'
import { fieldsOf } from '#runtime/pipeline/run-input.ts'
import { type CatalogueMap, catalogueList } from '../document/wiring.ts'

/** A field of a pipeline: only one that fits can carry a chat. */
export type FieldChoice = { name: string; kind: Kind; fits: boolean }
export type ChatChoices = {
  inputs: readonly FieldChoice[]
  outputs: readonly FieldChoice[]
  /** What keeps two fields from being served, at the one that is wrong. */
  faultOf: (input: string, output: string) => (Omit<Fault, 'pointer'> & { at: 'input' | 'output' }) | undefined
}

const choicesOf = (fields: ReadonlyMap<string, { kind: Kind }>): FieldChoice[] =>
  [...fields].map(([name, { kind }]) => ({ name, kind, fits: isChat(kind) }))

/** The fields that a published pipeline can be served by, as the server judges them. */
export const chatChoices = (document: PipelineDocument, catalogue: CatalogueMap): ChatChoices => {
  const lifted = lift(document, catalogueList(catalogue), { parseConfig: parseConfigBySchema })
  return {
    inputs: choicesOf(fieldsOf(lifted)),
    outputs: choicesOf(outputFields(lifted)),
    faultOf: (input, output) => {
      const read = chatFieldsOf(lifted, input, output)
      return read.ok ? undefined : read
    },
  }
}

/** The one field that fits, where there is no other. */
export const onlyFit = (fields: readonly FieldChoice[]): string | undefined => {
  const [first, ...more] = fields.filter(({ fits }) => fits)
  return more.length === 0 ? first?.name : undefined
}

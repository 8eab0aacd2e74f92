import type { Kind } from '#nodes/ports.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { inputFields } from '#runtime/pipeline/run-input.ts'
import { type CatalogueMap, catalogueList } from '../document/wiring.ts'

/** A value of each kind that a caller can write by hand. */
const samples: Partial<Record<Kind, unknown>> = {
  text: 'Hello',
  message: { role: 'user', content: 'Hello' },
  messages: [{ role: 'user', content: 'Hello' }],
  document: { text: 'Hello' },
  documents: [{ text: 'Hello' }],
  number: 1,
  boolean: true,
  json: {},
  row: {},
  any: 'Hello',
}

/** An input that a pipeline takes: its own samples where its author left some. */
export const sampleInput = (document: PipelineDocument, catalogue: CatalogueMap): Record<string, unknown> =>
  Object.fromEntries(
    [...inputFields(document, catalogueList(catalogue))].map(([name, { kind, sample }]) => [
      name,
      sample ?? samples[kind] ?? null,
    ]),
  )

import { z } from 'zod'
import { pipelineDocument } from './document.ts'

/** The published JSON Schema of the format, for editors and other languages; patchbay-1.schema.json is its text. */
export const documentSchema = () => ({
  $id: 'urn:patchbay:schema:patchbay-1',
  title: 'Patchbay pipeline, format patchbay/1',
  ...z.toJSONSchema(pipelineDocument),
})

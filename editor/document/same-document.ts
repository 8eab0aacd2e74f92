import { serialise } from '#runtime/pipeline/canonical.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'

/** Whether two documents are the same to everyone: key by key, in the form that is exported. */
export const isSameDocument = (a: PipelineDocument, b: PipelineDocument): boolean => serialise(a) === serialise(b)

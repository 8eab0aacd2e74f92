import type { Fault } from '#runtime/pipeline/faults.ts'
import { parseDocument } from '#runtime/pipeline/parse.ts'
import type { Fragment } from './fragment.ts'

/** Reads pasted text as a part of a pipeline: a whole document, or an object with nodes alone. */
export const parseFragment = (
  text: string,
): { ok: true; fragment: Fragment } | { ok: false; fault: Fault | undefined } => {
  const read = parseDocument(complete(text))
  if (read.ok) return { ok: true, fragment: read.document }
  return { ok: false, fault: read.errors[0] }
}

/** What other tools copy may lack the frame; an object with nodes is given one. */
const complete = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('nodes' in value)) return text
    return { format: 'patchbay/1', name: 'Pasted', edges: [], ...value }
  } catch {
    return text
  }
}

import type { Catalogue } from '#nodes/define.ts'
import { checkLifted } from '#runtime/pipeline/check.ts'
import type { ParseConfig } from '#runtime/pipeline/config.ts'
import type { Finding, PipelineDocument } from '#runtime/pipeline/document.ts'
import { type Lifted, lift } from '#runtime/pipeline/lift.ts'
import { parseDocument } from '#runtime/pipeline/parse.ts'
import { parseRunInput } from '#runtime/pipeline/run-input.ts'
import { ApiError, invalidAt } from './errors.ts'

export type Judged = { lifted: Lifted; findings: Finding[] }
/** Joins a document with the catalogue and says what is wrong with it; `paths` are the files that it may name. */
export type Judge = (document: PipelineDocument, paths: readonly string[]) => Judged

export const createJudge =
  (catalogue: Catalogue, parseConfig: ParseConfig): Judge =>
  (document, paths) => {
    const context = { parseConfig, files: paths }
    const lifted = lift(document, catalogue, context)
    return { lifted, findings: checkLifted(document, catalogue, lifted, context) }
  }

/**
 * Reads a document that arrived at `pointer` of the body.
 * @throws ApiError `invalid` for structure errors; meaning errors are findings
 */
export const readDocument = (value: unknown, pointer: string): PipelineDocument => {
  const parsed = parseDocument(value)
  if (parsed.ok) return parsed.document
  throw invalidAt(parsed.errors.map((error) => ({ ...error, pointer: pointer + error.pointer })))
}

/** @throws ApiError `findings` when the document cannot run */
export const refuseErrors = (findings: readonly Finding[], verb: 'run' | 'published'): void => {
  const errors = findings.filter((finding) => finding.level === 'error')
  if (errors.length === 0) return
  const [first] = errors
  const rest = errors.length > 1 ? ` And ${errors.length - 1} more.` : ''
  throw new ApiError('findings', `The pipeline cannot be ${verb}: ${first?.message}${rest}`, {
    findings: [...findings],
  })
}

/** @throws ApiError `invalid`, naming the field */
export const readInput = (lifted: Lifted, value: unknown, pointer: string): Record<string, unknown> => {
  const parsed = parseRunInput(lifted, value)
  if (parsed.ok) return parsed.input
  throw invalidAt(parsed.errors.map((error) => ({ ...error, pointer: pointer + error.pointer })))
}

import { findBadValue, reservedNames } from './bad-value.ts'
import { limits, type PipelineDocument, pipelineDocument } from './document.ts'
import { type Fault, faultsOf, type Rule } from './faults.ts'
import { brokenAt, lineAndColumn } from './json-place.ts'

export { findBadValue } from './bad-value.ts'

export type ParsedDocument = { ok: true; document: PipelineDocument } | { ok: false; errors: Fault[] }

const refused = (
  rule: Rule,
  message: string,
  values: NonNullable<Fault['values']> = {},
): { ok: false; errors: Fault[] } => ({
  ok: false,
  errors: [{ pointer: '', message, rule, values }],
})
/** As many errors as a person reads; a wrong document can have one per node. */
const mostErrors = 50

const isLarger = (text: string): boolean =>
  text.length > limits.bytes ||
  (text.length * 3 > limits.bytes && new TextEncoder().encode(text).byteLength > limits.bytes)

const tooLarge = () =>
  refused(
    'too-many-bytes',
    `The document is larger than ${limits.bytes / 1e6} MB. Move large texts to files and name them in resources.`,
    { megabytes: limits.bytes / 1e6 },
  )

const readText = (text: string): { ok: true; value: unknown } | { ok: false; errors: Fault[] } => {
  if (isLarger(text)) return tooLarge()
  if (text.trim() === '') return refused('nothing', 'The document is empty. Send a pipeline as JSON.')
  // A byte order mark is no part of JSON, but Windows editors write one.
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return { ok: true, value: JSON.parse(body) as unknown }
  } catch {
    const offset = brokenAt(body)
    const { line, column } = lineAndColumn(body, offset)
    const isEnd = offset >= body.trimEnd().length
    const sign = JSON.stringify(body[offset])
    const what = isEnd ? 'it ends too early' : `${sign} is not expected`
    return refused(
      isEnd ? 'ends-early' : 'not-json',
      `The document is not JSON: ${what} at line ${line}, column ${column}. Correct it there.`,
      { line, column, ...(!isEnd && { sign }) },
    )
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is told apart before the shape is read, so that the message can say it in full. */
const readFrame = (value: unknown): Fault | undefined => {
  if (!isObject(value))
    return {
      pointer: '',
      message: 'A pipeline is a JSON object with format, name, nodes and edges.',
      rule: 'not-pipeline',
    }
  if (!Object.hasOwn(value, 'format'))
    return {
      pointer: '/format',
      message: 'The format is missing. Add "format": "patchbay/1".',
      rule: 'format-missing',
    }
  if (value.format !== 'patchbay/1')
    return {
      pointer: '/format',
      message: `The format ${JSON.stringify(value.format)?.slice(0, 80)} is not known here; patchbay/1 is. Update Patchbay or export the pipeline again.`,
      rule: 'format-unknown',
      values: { format: JSON.stringify(value.format).slice(0, 80) },
    }
  for (const list of ['nodes', 'edges'] as const) {
    const items = value[list]
    if (Array.isArray(items) && items.length > limits[list])
      return {
        pointer: `/${list}`,
        message: `The pipeline has ${items.length} ${list}; ${limits[list]} are allowed. Split it into several pipelines.`,
        rule: 'too-many',
        values: { max: limits[list] },
      }
  }
  return undefined
}

const repeatedIds = (document: PipelineDocument): Fault[] => {
  const seen = new Map<string, number>()
  return document.nodes.flatMap(({ id }, index): Fault[] => {
    const at = `/nodes/${index}/id`
    if (reservedNames.has(id))
      return [
        { pointer: at, message: `The id "${id}" is reserved. Choose another.`, rule: 'id-reserved', values: { id } },
      ]
    const first = seen.get(id)
    if (first === undefined) seen.set(id, index)
    return first === undefined
      ? []
      : [
          {
            pointer: at,
            message: `The id "${id}" is taken by /nodes/${first}. Give every node its own id.`,
            rule: 'id-taken',
            values: { id, first: `/nodes/${first}` },
          },
        ]
  })
}

/**
 * Reads a pipeline from JSON text or from a parsed value. Refuses structure errors only (HTTP 422): what is merely not
 * runnable yet, such as a missing wire, is `check`'s to find.
 * @example const read = parseDocument(await file.text()); if (!read.ok) show(read.errors)
 */
export const parseDocument = (textOrValue: unknown): ParsedDocument => {
  const isText = typeof textOrValue === 'string'
  const read = isText ? readText(textOrValue) : { ok: true as const, value: textOrValue }
  if (!read.ok) return read
  const bad = findBadValue(read.value) ?? readFrame(read.value)
  if (bad) return { ok: false, errors: [bad] }
  if (!isText && isLarger(JSON.stringify(read.value))) return tooLarge()

  const parsed = pipelineDocument.safeParse(read.value)
  if (!parsed.success) {
    return { ok: false, errors: faultsOf(parsed.error, read.value).slice(0, mostErrors) }
  }
  const repeated = repeatedIds(parsed.data)
  return repeated.length > 0
    ? { ok: false, errors: repeated.slice(0, mostErrors) }
    : { ok: true, document: parsed.data }
}

import type { Catalogue } from '#nodes/define.ts'
import { type Kind, kindSchema } from '#nodes/ports.ts'
import { coerce, fits } from '#nodes/rules.ts'
import { findBadValue } from './bad-value.ts'
import type { PipelineDocument } from './document.ts'
import type { Fault } from './faults.ts'
import type { Lifted } from './lift/types.ts'
import { lift } from './lift.ts'
import { pointer } from './pointer.ts'

/** A field of a run's input. */
export type InputField = { kind: Kind; required: boolean; title?: string; sample?: unknown }

/** Values to try a pipeline with: the record `sample` in the config of a type at the start, where it has one. */
const samplesOf = (config: Record<string, unknown>): ReadonlyMap<string, unknown> =>
  new Map(typeof config['sample'] === 'object' && config['sample'] !== null ? Object.entries(config['sample']) : [])

/** The fields of a run's input, by name: what the nodes at the start of a lifted document give out. */
export const fieldsOf = (lifted: Lifted): ReadonlyMap<string, InputField> => {
  const fields = new Map<string, InputField>()
  for (const { entry, node, outputs } of lifted.nodes.values()) {
    if (entry.boundary !== 'start' || node.disabled) continue
    const samples = samplesOf(node.config)
    for (const [name, port] of outputs) {
      if (fields.has(name)) continue
      fields.set(name, {
        kind: port.kind,
        required: !port.optional,
        ...(port.title !== undefined && { title: port.title }),
        ...(samples.has(name) && { sample: samples.get(name) }),
      })
    }
  }
  return fields
}

/** The fields that a run of this document takes, in the order of their ports. */
export const inputFields = (document: PipelineDocument, catalogue: Catalogue): ReadonlyMap<string, InputField> =>
  fieldsOf(lift(document, catalogue))

export type ParsedInput = { ok: true; input: Record<string, unknown> } | { ok: false; errors: Fault[] }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Kinds that fit `kind` by one of the coercions, so that a lone message is taken for messages. */
const narrower: Partial<Record<Kind, Kind>> = { messages: 'message', documents: 'document' }

const readField = (name: string, field: InputField, value: unknown): { value: unknown } | { errors: Fault[] } => {
  const parsed = kindSchema[field.kind].safeParse(value)
  if (parsed.success) return { value: parsed.data }
  const lone = narrower[field.kind]
  if (lone && fits(lone, field) && !Array.isArray(value)) {
    const single = kindSchema[lone].safeParse(value)
    if (single.success) return { value: coerce(single.data, lone, field.kind) }
  }
  const found =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`
  const [issue] = parsed.error.issues
  const inside = issue && issue.path.length > 0 ? ` ${issue.message} at ${pointer(issue.path)}.` : ''
  return {
    errors: [
      {
        pointer: pointer([name, ...(issue?.path ?? [])]),
        message: `The field "${name}" takes ${field.kind}; this is ${found}.${inside} Send a value of kind ${field.kind}.`,
        rule: 'input-kind',
        values: { field: name, kind: field.kind },
      },
    ],
  }
}

/** Reads the input of a run against the fields of the pipeline. Strings stay strings: "3" is no number. */
export const parseRunInput = (lifted: Lifted, value: unknown): ParsedInput => {
  const bad = findBadValue(value)
  if (bad) return { ok: false, errors: [bad] }
  if (!isObject(value))
    return {
      ok: false,
      errors: [{ pointer: '', message: 'The input is an object with one value per field, such as {"question": "…"}.' }],
    }
  const fields = fieldsOf(lifted)
  const names = fields.size > 0 ? `Its fields are ${[...fields.keys()].join(', ')}.` : 'It has no input fields.'
  const errors: Fault[] = []
  for (const name of Object.keys(value))
    if (!fields.has(name))
      errors.push({
        pointer: pointer([name]),
        message: `The pipeline has no input field "${name}". ${names}`,
        rule: 'input-unknown',
        values: { field: name, fields: [...fields.keys()].join(', ') },
      })
  const input: Record<string, unknown> = {}
  for (const [name, field] of fields) {
    if (!Object.hasOwn(value, name)) {
      if (field.required)
        errors.push({
          pointer: pointer([name]),
          message: `The field "${name}" is missing. Send a value of kind ${field.kind}.`,
          rule: 'input-missing',
          values: { field: name, kind: field.kind },
        })
      continue
    }
    const read = readField(name, field, value[name])
    if ('errors' in read) errors.push(...read.errors)
    else input[name] = read.value
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, input }
}

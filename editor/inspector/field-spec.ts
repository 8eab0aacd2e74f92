import type { Bilingual, FieldUi } from '#nodes/define.ts'

type Schema = Record<string, unknown>

/** The control that a config field gets. */
export type Control =
  | Exclude<FieldUi, 'hidden'>
  | 'number'
  | 'choice'
  | 'toggle'
  /** A list of texts. */
  | 'lines'

/** What the form knows of one field of a config. */
export type FieldSpec = {
  key: string
  control: Control
  label: Bilingual | undefined
  help: Bilingual | undefined
  advanced: boolean
  /** The value that counts while the document names none. */
  fallback: unknown
  min?: number
  max?: number
  /** Whole numbers only. */
  whole?: true
  unit?: string
  maxLength?: number
  choices?: { value: string; label: Bilingual | undefined }[]
  resource?: string
  /** The kinds that a row of a `fields` control may have. */
  kinds?: string[]
  /** Shown only while other fields have one of these values. */
  when?: Record<string, readonly unknown[]>
}

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const uis: readonly string[] = [
  'text',
  'multiline',
  'template',
  'code',
  'json',
  'slider',
  'model',
  'pipeline',
  'fields',
  'cases',
  'resource',
  'pattern',
  'schema',
]
const isBilingual = (value: unknown): value is Bilingual =>
  isRecord(value) && typeof value.en === 'string' && typeof value.ko === 'string'
const bilingual = (value: unknown): Bilingual | undefined => (isBilingual(value) ? value : undefined)
const number = (value: unknown): number | undefined =>
  // zod writes the bounds of safe integers into every integer; they bound nothing that a person types.
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined

/** Without a `ui` hint the type of the value decides. */
const controlOf = (schema: Schema): Control => {
  if (typeof schema.ui === 'string' && uis.includes(schema.ui)) return schema.ui as Control
  if (Array.isArray(schema.enum)) return 'choice'
  switch (schema.type) {
    case 'boolean':
      return 'toggle'
    case 'number':
    case 'integer':
      return 'number'
    case 'string':
      return 'text'
    case 'array':
      return isRecord(schema.items) && schema.items.type === 'string' ? 'lines' : 'json'
    default:
      return 'json'
  }
}

/** `anyOf` with null is how an optional value is written; its other side is what the form edits. */
const withoutNull = (schema: Schema): Schema => {
  const options = Array.isArray(schema.anyOf) ? schema.anyOf.filter((one) => isRecord(one) && one.type !== 'null') : []
  const [only] = options
  return options.length === 1 && isRecord(only) ? { ...only, ...schema, type: only.type } : schema
}

const specOf = (key: string, given: Schema): FieldSpec => {
  const schema = withoutNull(given)
  const choices = Array.isArray(schema.enum)
    ? schema.enum.filter((one): one is string => typeof one === 'string')
    : undefined
  const names = isRecord(schema.options) ? schema.options : {}
  const rows = isRecord(schema.additionalProperties) ? schema.additionalProperties : {}
  const [min, max] = [
    number(schema.minimum) ?? number(schema.exclusiveMinimum),
    number(schema.maximum) ?? number(schema.exclusiveMaximum),
  ]
  return {
    key,
    control: controlOf(schema),
    label: bilingual(schema.label),
    help: bilingual(schema.help),
    advanced: schema.advanced === true,
    fallback: schema.default,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(schema.type === 'integer' && { whole: true as const }),
    ...(typeof schema.unit === 'string' && { unit: schema.unit }),
    ...(typeof schema.maxLength === 'number' && { maxLength: schema.maxLength }),
    ...(choices && { choices: choices.map((value) => ({ value, label: bilingual(names[value]) })) }),
    ...(typeof schema.resource === 'string' && { resource: schema.resource }),
    ...(Array.isArray(rows.enum) && { kinds: rows.enum.filter((one): one is string => typeof one === 'string') }),
    ...(isRecord(schema.when) && { when: schema.when as Record<string, readonly unknown[]> }),
  }
}

/** The fields of a config's JSON Schema in order, without hidden ones. */
export const fieldSpecs = (schema: Schema): FieldSpec[] =>
  Object.entries(isRecord(schema.properties) ? schema.properties : {}).flatMap(([key, property]) =>
    isRecord(property) && property.ui !== 'hidden' ? [specOf(key, property)] : [],
  )

/** Whether a field matters with the other values as they are. */
export const isShown = (spec: FieldSpec, values: Record<string, unknown>): boolean =>
  Object.entries(spec.when ?? {}).every(([key, allowed]) => allowed.includes(values[key]))

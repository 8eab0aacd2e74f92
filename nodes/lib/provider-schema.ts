export type JsonSchema = Record<string, unknown>

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Applies `change` to a schema and to every schema inside it, innermost first. */
const mapSchemas = (schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema => {
  const inside = (value: unknown): unknown => (isObject(value) ? mapSchemas(value, change) : value)
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    switch (key) {
      case 'properties':
      case '$defs':
      case 'definitions':
        return [
          key,
          isObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inside(v)])) : value,
        ]
      case 'anyOf':
      case 'oneOf':
      case 'allOf':
      case 'prefixItems':
        return [key, Array.isArray(value) ? value.map(inside) : value]
      case 'items':
        return [key, inside(value)]
      default:
        return [key, value]
    }
  })
  return change(Object.fromEntries(entries))
}

/** Every object closed to other properties, as OpenAI and Anthropic ask for. */
export const closed = (schema: JsonSchema): JsonSchema =>
  mapSchemas(schema, (s) =>
    s['type'] === 'object' || s['properties'] !== undefined ? { ...s, additionalProperties: false } : s,
  )

/** Without `additionalProperties` and `$schema`, which Google's dialect does not know. */
export const opened = (schema: JsonSchema): JsonSchema =>
  mapSchemas(schema, ({ additionalProperties: _, $schema: __, ...s }) => s)

/** OpenAI guarantees a schema only if every property is required. */
export const isStrict = (schema: JsonSchema): boolean => {
  let strict = true
  mapSchemas(schema, (s) => {
    const required = Array.isArray(s['required']) ? s['required'] : []
    if (isObject(s['properties']) && !Object.keys(s['properties']).every((key) => required.includes(key)))
      strict = false
    return s
  })
  return strict
}

import { Ajv2020 } from 'ajv/dist/2020.js'
import draft7 from 'ajv/dist/refs/json-schema-draft-07.json' with { type: 'json' }
import { NodeError } from '../errors.ts'
import { compilePattern } from './pattern.ts'

/** Says where and why a value does not fit a schema, or nothing when it does. */
export type SchemaCheck = (value: unknown) => { at: string; why: string } | undefined

/** `pattern` keywords are users' regular expressions too. Ajv keeps one engine per text form. */
const regExp = Object.assign((source: string) => ({ ...compilePattern(source), toString: () => `/${source}/` }), {
  code: 'boundedPattern',
})

/**
 * Compiles a JSON Schema (2020-12, or draft-07 by `$schema`). `format` is not checked, as the standard allows, and references
 * outside the schema are refused.
 */
export const compileSchema = (schema: Record<string, unknown>): SchemaCheck => {
  try {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, code: { regExp } })
    ajv.addMetaSchema(draft7)
    const check = ajv.compile(schema)
    // Ajv would answer with a promise, which fits whatever it is asked.
    if ('$async' in check) throw new Error('"$async" is no keyword of JSON Schema.')
    return (value) => {
      if (check(value)) return undefined
      const error = check.errors?.[0]
      const extra = error?.params.additionalProperty ?? error?.params.allowedValues
      return {
        at: error?.instancePath || '/',
        why: `${error?.message ?? 'does not fit'}${extra === undefined ? '' : ` (${[extra].flat().join(', ')})`}`,
      }
    }
  } catch (cause) {
    if (cause instanceof NodeError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new NodeError('schema-invalid', `The JSON Schema cannot be used: ${why}. Correct it in the setup.`, { cause })
  }
}

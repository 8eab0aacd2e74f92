import type { Kind } from '#nodes/ports.ts'
import type { InputField } from '#runtime/pipeline/run-input.ts'
import { UsageError } from './usage-error.ts'

const asJson = (name: string, kind: Kind, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError(
      `--input ${name}: the field takes ${kind}, given as JSON. This is not JSON: ${text.slice(0, 80)}`,
      {
        cause,
      },
    )
  }
}

/** Text becomes what the field's kind says; on the command line everything is text. */
const readValue = (name: string, kind: Kind, text: string): unknown => {
  switch (kind) {
    case 'text':
      return text
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      if (!Number.isFinite(value)) throw new UsageError(`--input ${name}: the field takes a number; "${text}" is none.`)
      return value
    }
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true'
      throw new UsageError(`--input ${name}: the field takes true or false; "${text}" is neither.`)
    default:
      return asJson(name, kind, text)
  }
}

/**
 * Reads `name=value` pairs by the kinds of the pipeline's fields. Values may hold `=`. Whether all fields are there is
 * checked where every run's input is.
 * @throws UsageError
 */
export const readInputs = (
  fields: ReadonlyMap<string, InputField>,
  pairs: readonly string[],
): Record<string, unknown> => {
  const names =
    fields.size > 0
      ? `Its fields: ${[...fields].map(([name, { kind }]) => `${name} (${kind})`).join(', ')}.`
      : 'It takes none.'
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--input ${pair}: write --input name=value. ${names}`)
      const name = pair.slice(0, at)
      const field = fields.get(name)
      if (!field) throw new UsageError(`--input ${name}: the pipeline has no such field. ${names}`)
      return [name, readValue(name, field.kind, pair.slice(at + 1))]
    }),
  )
}

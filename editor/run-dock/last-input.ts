import type { InputField } from '#runtime/pipeline/run-input.ts'

const key = (pipeline: string) => `patchbay.input.${pipeline}`

const read = (pipeline: string): Record<string, unknown> => {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key(pipeline)) ?? '{}')
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** What was given to the last run of this pipeline from this browser, field by field. */
export const rememberedInput = (pipeline: string, fields: ReadonlyMap<string, InputField>): Record<string, unknown> => {
  const known = read(pipeline)
  return Object.fromEntries([...fields.keys()].filter((name) => name in known).map((name) => [name, known[name]]))
}

/** The same, if it is enough to run without asking again. */
export const lastInput = (
  pipeline: string,
  fields: ReadonlyMap<string, InputField>,
): Record<string, unknown> | undefined => {
  const known = rememberedInput(pipeline, fields)
  const isWhole = [...fields].every(([name, field]) => !field.required || name in known)
  return isWhole ? known : undefined
}

export const rememberInput = (pipeline: string, input: Record<string, unknown>): void => {
  try {
    localStorage.setItem(key(pipeline), JSON.stringify(input))
  } catch {
    // A full storage only means that the form asks again next time.
  }
}

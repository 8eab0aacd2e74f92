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

const remembered = (pipeline: string, fields: ReadonlyMap<string, InputField>): Record<string, unknown> => {
  const known = read(pipeline)
  return Object.fromEntries([...fields.keys()].filter((name) => name in known).map((name) => [name, known[name]]))
}

/** What the form starts with: the last run's values from this browser, else the samples that the pipeline brings. */
export const firstInput = (pipeline: string, fields: ReadonlyMap<string, InputField>): Record<string, unknown> => {
  const samples = [...fields].flatMap(([name, field]) => (field.sample === undefined ? [] : [[name, field.sample]]))
  return { ...Object.fromEntries(samples), ...remembered(pipeline, fields) }
}

/** What was given to the last run of this pipeline, if it is enough to run without asking again. */
export const lastInput = (
  pipeline: string,
  fields: ReadonlyMap<string, InputField>,
): Record<string, unknown> | undefined => {
  const known = remembered(pipeline, fields)
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

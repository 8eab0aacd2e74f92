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
  // A required text that is empty was let through once; it is asked for again, not run in silence.
  const isGiven = (name: string, field: InputField) =>
    name in known && !(field.kind === 'text' && String(known[name]).trim() === '')
  const isWhole = [...fields].every(([name, field]) => !field.required || isGiven(name, field))
  return isWhole ? known : undefined
}

export const rememberInput = (pipeline: string, input: Record<string, unknown>): void => {
  try {
    localStorage.setItem(key(pipeline), JSON.stringify(input))
  } catch {
    // A full storage only means that the form asks again next time.
  }
}

/** The input in a few words, for beside the Run button: the first value, and how many there are more. */
export const inputWords = (input: Record<string, unknown>): string => {
  const [first, ...more] = Object.values(input)
  if (first === undefined) return ''
  const text = (typeof first === 'string' ? first : JSON.stringify(first)).trim().replace(/\s+/g, ' ')
  return more.length === 0 ? text : `${text} +${more.length}`
}

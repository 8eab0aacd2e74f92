/** An element of an array of texts as PostgreSQL writes it. */
export const elementText = (text: string | undefined): string => {
  if (text === undefined) return 'NULL'
  return /^\w+$/.test(text) ? `"${text}"` : `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** An array of elements; one that holds nothing but nulls is sent empty, and `unnest` fills it up. */
export const arrayText = (elements: readonly string[]): string =>
  elements.every((element) => element === 'NULL') ? '{}' : `{${elements.join(',')}}`

/** Type ids of PostgreSQL's catalogue whose values both drivers must read and write alike. */
export const typeIds = { bigint: 20, json: 114, jsonb: 3802, bytea: 17, numeric: 1700, date: 1082 } as const

/** Counts and sizes fit a number; what does not stays exact as a bigint. */
export const parseBigint = (text: string): number | bigint => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** Text is taken as JSON that is already written; everything else is written here. */
export const writeJson = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A plain Uint8Array on both drivers: a Buffer is a view into a pool and compares unequal in tests. */
export const parseBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))

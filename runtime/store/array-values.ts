/** Ids of PostgreSQL's types, each with the id of its array type. */
const arrayOf = { bool: 1000, int2: 1005, int4: 1007, text: 1009, int8: 1016, float8: 1022, uuid: 2951 } as const

const writeElement = (value: unknown): string =>
  value === null || value === undefined ? 'NULL' : `"${String(value).replace(/[\\"]/g, '\\$&')}"`

const writeArray = (values: unknown): string =>
  typeof values === 'string' ? values : `{${(values as readonly unknown[]).map(writeElement).join(',')}}`

/** A quoted element with its escapes, or a bare one. */
const elements = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs

/** Reads an array of one dimension. */
const parseArray =
  <T>(parse: (text: string) => T) =>
  (text: string): (T | null)[] =>
    [...text.matchAll(elements)].map(([, quoted, bare]) =>
      quoted === undefined ? (bare === 'NULL' ? null : parse(bare ?? '')) : parse(quoted.replace(/\\(.)/gs, '$1')),
    )

const type = <T>(id: number, parse: (text: string) => T) => ({
  to: id,
  from: [id],
  serialize: writeArray,
  parse: parseArray(parse),
})

/**
 * Array types for postgres.js. By itself it asks the server for them on every connection, and a connection that drops
 * during that question becomes an unhandled rejection, which ends the process.
 */
export const arrayTypes = (parseBigint: (text: string) => number | bigint) => ({
  bools: type(arrayOf.bool, (text) => text === 't'),
  shorts: type(arrayOf.int2, Number),
  ints: type(arrayOf.int4, Number),
  texts: type(arrayOf.text, String),
  bigints: type(arrayOf.int8, parseBigint),
  floats: type(arrayOf.float8, Number),
  ids: type(arrayOf.uuid, String),
})

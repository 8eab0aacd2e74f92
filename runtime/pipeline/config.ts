import { z } from 'zod'
import type { CatalogueEntry } from '#nodes/define.ts'
import { type Fault, faultsOf } from './faults.ts'

type Config = Record<string, unknown>
export type ParsedConfig = { ok: true; config: Config } | { ok: false; errors: Fault[] }
/** Reads the config of a node by its type, filling in defaults. */
export type ParseConfig = (entry: CatalogueEntry, config: Config) => ParsedConfig

/**
 * Reads configs with a schema per type. The server passes the definitions' own schemas, which may say more than JSON Schema can.
 * @example const parseConfig = configParser((entry) => registry.get(entry.type)?.config)
 */
export const configParser =
  (schemaOf: (entry: CatalogueEntry) => z.ZodType | undefined): ParseConfig =>
  (entry, config) => {
    const schema = schemaOf(entry)
    if (!schema) return { ok: true, config }
    const parsed = schema.safeParse(config)
    return parsed.success
      ? { ok: true, config: parsed.data as Config }
      : { ok: false, errors: faultsOf(parsed.error, config) }
  }

const schemas = new WeakMap<CatalogueEntry, z.ZodType>()

/**
 * Without the patterns that need the `u` flag, such as `\p{L}`: `z.fromJSONSchema` compiles patterns without it and would
 * refuse Korean names. The server's own schemas keep them.
 */
const withoutUnicodePatterns = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutUnicodePatterns)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, part]) =>
      key === 'pattern' && typeof part === 'string' && /\\[pPu]\{/.test(part)
        ? []
        : [[key, withoutUnicodePatterns(part)]],
    ),
  )
}

/** A catalogue comes from a server that may be newer: a schema that zod cannot read judges nothing. */
const readSchema = (entry: CatalogueEntry): z.ZodType => {
  try {
    return z.fromJSONSchema(withoutUnicodePatterns(entry.config) as z.core.JSONSchema.JSONSchema)
  } catch {
    return z.looseObject({})
  }
}

const schemaFromCatalogue = (entry: CatalogueEntry): z.ZodType => {
  let schema = schemas.get(entry)
  if (!schema) {
    schema = readSchema(entry)
    schemas.set(entry, schema)
  }
  return schema
}

/** Reads configs by the catalogue's JSON Schema: all that the browser has. */
export const parseConfigBySchema: ParseConfig = configParser(schemaFromCatalogue)

type FieldSchema = { default?: unknown; ui?: unknown; resource?: unknown }

/** The JSON Schemas of a type's config fields, by name. */
export const fieldSchemas = (entry: CatalogueEntry): [string, FieldSchema][] => {
  const { properties } = entry.config
  return typeof properties === 'object' && properties !== null
    ? Object.entries(properties as Record<string, FieldSchema>)
    : []
}

/** A config that does not parse, with the defaults of the fields it lacks: enough to compute its ports. */
export const withDefaults = (entry: CatalogueEntry, config: Config): Config => ({
  ...Object.fromEntries(
    fieldSchemas(entry).flatMap(([name, schema]) => (schema.default === undefined ? [] : [[name, schema.default]])),
  ),
  ...config,
})

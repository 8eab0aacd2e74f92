import type { CatalogueEntry } from '#nodes/define.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'

type Config = PipelineNode['config']
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The defaults that a config's JSON Schema names, one level deep. */
export const defaultsOf = (schema: Record<string, unknown>): Config => {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const found = Object.entries(properties).flatMap(([key, property]) =>
    isRecord(property) && property.default !== undefined ? [[key, structuredClone(property.default)]] : [],
  )
  return Object.fromEntries(found)
}

/** A node's config as its code will see it: keys that the document leaves out hold their defaults. */
export const fullConfig = (entry: CatalogueEntry | undefined, node: PipelineNode): Config =>
  entry ? { ...defaultsOf(entry.config), ...node.config } : node.config

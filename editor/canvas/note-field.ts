import type { CatalogueEntry } from '#nodes/define.ts'

/** The config field that holds a note's text: the first string of its schema. */
export const noteField = (entry: CatalogueEntry | undefined): string => {
  const properties = (entry?.config.properties ?? {}) as Record<string, { type?: string }>
  return Object.entries(properties).find(([, property]) => property.type === 'string')?.[0] ?? 'text'
}

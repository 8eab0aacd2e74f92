import type { Catalogue, CatalogueEntry } from '#nodes/define.ts'

const indexes = new WeakMap<Catalogue, ReadonlyMap<string, CatalogueEntry>>()

/** The catalogue by type, built once per catalogue. */
export const byType = (catalogue: Catalogue): ReadonlyMap<string, CatalogueEntry> => {
  let index = indexes.get(catalogue)
  if (!index) {
    index = new Map(catalogue.map((entry) => [entry.type, entry]))
    indexes.set(catalogue, index)
  }
  return index
}

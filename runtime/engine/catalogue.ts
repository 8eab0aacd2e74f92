import type { AnyNode, Catalogue, CatalogueEntry, Registry } from '#nodes/define.ts'
import type { ComputedPorts, Ports } from '#nodes/ports.ts'

const asComputed = (ports: Ports | ComputedPorts): ComputedPorts =>
  'rules' in ports && Array.isArray(ports.rules) ? (ports as ComputedPorts) : { fixed: ports as Ports, rules: [] }

const entryOf = (node: AnyNode): CatalogueEntry => ({
  ...node,
  // Configs are parsed with the definitions' own schemas, not by JSON Schema.
  config: {},
  keywords: node.keywords ?? [],
  inputs: asComputed(node.inputs),
  outputs: asComputed(node.outputs),
  examples: [],
})

const catalogues = new WeakMap<Registry, Catalogue>()

/** What lifting needs to know of a registry. */
export const catalogueOf = (registry: Registry): Catalogue => {
  let catalogue = catalogues.get(registry)
  if (!catalogue) {
    catalogue = [...registry.values()].map(entryOf)
    catalogues.set(registry, catalogue)
  }
  return catalogue
}

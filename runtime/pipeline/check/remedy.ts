import type { Catalogue, CatalogueEntry } from '#nodes/define.ts'
import type { Kind, PortInfo } from '#nodes/ports.ts'
import { fits } from '#nodes/rules.ts'

const ports = (of: CatalogueEntry['inputs']): PortInfo[] => Object.values(of.fixed)

/** Takes `from` by name (not as "any") in its only required input and gives out `to`. */
const converts = (entry: CatalogueEntry, from: Kind, to: Kind): boolean => {
  const inputs = ports(entry.inputs)
  const required = inputs.filter((port) => !port.optional)
  const taking = inputs.find((port) => port.kind !== 'any' && !port.each && fits(from, port))
  return (
    taking !== undefined &&
    required.every((port) => port === taking) &&
    ports(entry.outputs).some((port) => port.kind === to && !port.each)
  )
}

/** A node type that turns one kind into another, if the catalogue has one. */
export const remedyFor = (catalogue: Catalogue, from: Kind, to: Kind): CatalogueEntry | undefined =>
  catalogue.find((entry) => converts(entry, from, to))

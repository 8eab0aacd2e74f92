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

/** Less is better: works as it stands, then without asking the outside world. */
const cost = ({ config, effect }: CatalogueEntry): number =>
  (Array.isArray(config.required) && config.required.length > 0 ? 2 : 0) + (effect === 'pure' ? 0 : 1)

/** The simplest node type that turns one kind into another, if the catalogue has one. */
export const remedyFor = (catalogue: Catalogue, from: Kind, to: Kind): CatalogueEntry | undefined =>
  catalogue.filter((entry) => converts(entry, from, to)).sort((a, b) => cost(a) - cost(b))[0]

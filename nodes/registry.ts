import { z } from 'zod'
import type { AnyNode, Catalogue, CatalogueEntry, Registry } from './define.ts'
import * as nodes from './index.ts'
import type { ComputedPorts, Ports } from './ports.ts'

/** Every node type that is exported from index.ts, by type. */
export const registry: Registry = new Map(
  Object.values(nodes as Record<string, AnyNode>).map((node) => [node.type, node]),
)

/** Ports of a definition in their one catalogue form. */
export const asComputed = (ports: Ports | ComputedPorts): ComputedPorts =>
  'rules' in ports && Array.isArray(ports.rules) ? (ports as ComputedPorts) : { fixed: ports as Ports, rules: [] }

const describe = (node: AnyNode): CatalogueEntry => ({
  type: node.type,
  version: node.version,
  title: node.title,
  group: node.group,
  icon: node.icon,
  docs: node.docs,
  keywords: node.keywords ?? [],
  config: z.toJSONSchema(node.config, { io: 'input' }) as Record<string, unknown>,
  inputs: asComputed(node.inputs),
  outputs: asComputed(node.outputs),
  effect: node.effect,
  ...(node.summary !== undefined && { summary: node.summary }),
  ...(node.annotation && { annotation: true as const }),
  ...(node.boundary && { boundary: node.boundary }),
  ...(node.joins && { joins: true as const }),
  ...(node.exclusive && { exclusive: true as const }),
  examples: (node.examples ?? []).map(({ title, config, inputs, outputs }) => ({ title, config, inputs, outputs })),
})

/** What may leave the process of a registry: data only, no code. */
export const describeRegistry = (of: Registry): Catalogue => [...of.values()].map(describe)
export const catalogue: Catalogue = describeRegistry(registry)

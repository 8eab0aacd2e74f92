import type { CatalogueEntry } from '#nodes/define.ts'
import type { PortInfo } from '#nodes/ports.ts'
import { portsFor } from '#nodes/rules.ts'
import { type ParseConfig, withDefaults } from '../config.ts'
import { type Edge, type PipelineNode, splitRef } from '../document.ts'
import type { Axes, BrokenEnd, LiftedEdge, LiftedNode } from './types.ts'

/** A node while it is being lifted. */
export type Draft = Omit<LiftedNode, 'axes' | 'inputs' | 'outputs' | 'into'> & {
  axes: Axes
  inputs: Map<string, PortInfo>
  outputs: Map<string, PortInfo>
  into: Map<string, LiftedEdge[]>
}

/** Joins a node with its type: config, ports; no wires yet. */
export const draftNode = (node: PipelineNode, index: number, entry: CatalogueEntry, parse: ParseConfig): Draft => {
  const parsed = parse(entry, node.config)
  const config = parsed.ok ? parsed.config : withDefaults(entry, node.config)
  const outputs = new Map(Object.entries(portsFor(entry.outputs, config)))
  const inputs = new Map(Object.entries(portsFor(entry.inputs, config)))
  return {
    id: node.id,
    index,
    node,
    entry,
    config,
    configErrors: parsed.ok || node.disabled ? [] : parsed.errors,
    inputs,
    outputs,
    into: new Map(),
    axes: [],
    opens: outputs.values().some((port) => port.each),
    ends: inputs.values().some((port) => port.each),
  }
}

export type Wires = {
  edges: LiftedEdge[]
  broken: { edge: number; end: BrokenEnd }[]
  /** Inputs whose wire leads nowhere that can be judged. */
  loose: Set<string>
}

/** Sorts the edges into those with two known ends, broken ones, and those that touch an unknown type. */
export const readWires = (
  edges: readonly Edge[],
  drafts: ReadonlyMap<string, Draft>,
  unknown: ReadonlySet<string>,
): Wires => {
  const wires: Wires = { edges: [], broken: [], loose: new Set() }
  for (const [index, edge] of edges.entries()) {
    const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
    const [source, target] = [drafts.get(from.node), drafts.get(to.node)]
    const ends: BrokenEnd[] = []
    if (!source && !unknown.has(from.node)) ends.push('from-node')
    if (source && !source.outputs.has(from.port)) ends.push('from-port')
    if (!target && !unknown.has(to.node)) ends.push('to-node')
    if (target && !target.inputs.has(to.port)) ends.push('to-port')
    if (ends[0]) wires.broken.push({ edge: index, end: ends[0] })
    if (source && target && ends.length === 0) {
      const lifted: LiftedEdge = { index, from, to, kind: 'any', fit: 'same', axes: [] }
      wires.edges.push(lifted)
      const into = target.into.get(to.port)
      if (into) into.push(lifted)
      else target.into.set(to.port, [lifted])
    } else wires.loose.add(edge.to)
  }
  return wires
}

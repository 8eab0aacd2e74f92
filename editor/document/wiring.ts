import type { CatalogueEntry } from '#nodes/define.ts'
import type { Kind, PortInfo } from '#nodes/ports.ts'
import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { fullConfig } from './defaults.ts'
import { type Fit, fits, portsFor, splitRef } from './rules.ts'
import { edgeId } from './wires.ts'

export type CatalogueMap = ReadonlyMap<string, CatalogueEntry>

/** A port as the canvas draws it. */
export type WiredPort = PortInfo & {
  name: string
  /** An edge hangs on it. */
  wired: boolean
  /** What flows through it is many items: drawn double. */
  items: boolean
  /** An edge names it, but the node has no such port. */
  gone?: true
}
export type WiredNode = {
  inputs: readonly WiredPort[]
  outputs: readonly WiredPort[]
  /** It runs once per item. */
  mapped: boolean
}
export type WiredEdge = { kind: Kind; items: boolean; fit: Fit | undefined; toKind: Kind; broken: boolean }
export type Wiring = {
  nodes: ReadonlyMap<string, WiredNode>
  edges: ReadonlyMap<string, WiredEdge>
}

type Ports = { inputs: Record<string, PortInfo>; outputs: Record<string, PortInfo> }

const portCache = new WeakMap<PipelineNode, { entry: CatalogueEntry | undefined; ports: Ports }>()

/** The ports of a node by its type and config, before anything is wired. */
export const portsOf = (entry: CatalogueEntry | undefined, node: PipelineNode): Ports => {
  const known = portCache.get(node)
  if (known && known.entry === entry) return known.ports
  const config = fullConfig(entry, node)
  const ports = entry
    ? { inputs: portsFor(entry.inputs, config), outputs: portsFor(entry.outputs, config) }
    : { inputs: {}, outputs: {} }
  portCache.set(node, { entry, ports })
  return ports
}

type End = { node: string; port: string }
type Incoming = { from: End; to: End }

/** Follows wires upstream: what kind leaves a port, and under how many maps. Cycles end the walk. */
const createWalk = (ports: ReadonlyMap<string, Ports>, incoming: ReadonlyMap<string, readonly Incoming[]>) => {
  const kinds = new Map<string, Kind>()
  const depths = new Map<string, number>()
  const open = new Set<string>()

  const kind = (end: End): Kind => {
    const key = `${end.node}.${end.port}`
    const known = kinds.get(key)
    if (known) return known
    const port = ports.get(end.node)?.outputs[end.port]
    if (!port) return 'any'
    if (port.sameAs === undefined || open.has(key)) return port.kind
    open.add(key)
    const source = incoming.get(end.node)?.find((edge) => edge.to.port === port.sameAs)
    const found = source ? kind(source.from) : port.kind
    open.delete(key)
    kinds.set(key, found)
    return found
  }
  /** Items that a node's step is one of: the deepest of its inputs, less one where it takes the whole stream. */
  const depth = (node: string): number => {
    const known = depths.get(node)
    if (known !== undefined) return known
    depths.set(node, 0)
    const inputs = ports.get(node)?.inputs ?? {}
    const arriving = (incoming.get(node) ?? []).map((edge) => {
      const given = leaving(edge.from)
      return inputs[edge.to.port]?.each ? Math.max(0, given - 1) : given
    })
    const found = Math.max(0, ...arriving)
    depths.set(node, found)
    return found
  }
  const leaving = (end: End): number => depth(end.node) + (ports.get(end.node)?.outputs[end.port]?.each ? 1 : 0)
  return { kind, depth, leaving }
}

const missing = (name: string): WiredPort => ({ name, kind: 'any', wired: true, items: false, gone: true })

/** Works out what the canvas draws of ports and cables. Nodes that came out as before are the same objects as before. */
export const wire = (document: PipelineDocument, catalogue: CatalogueMap, before?: Wiring): Wiring => {
  const ports = new Map(document.nodes.map((node) => [node.id, portsOf(catalogue.get(node.type), node)]))
  const incoming = new Map<string, Incoming[]>()
  const inUse = new Map<string, { inputs: Set<string>; outputs: Set<string> }>(
    document.nodes.map((node) => [node.id, { inputs: new Set(), outputs: new Set() }]),
  )
  const ends = document.edges.map((edge) => ({ edge, from: splitRef(edge.from), to: splitRef(edge.to) }))
  for (const { from, to } of ends) {
    inUse.get(from.node)?.outputs.add(from.port)
    inUse.get(to.node)?.inputs.add(to.port)
    const list = incoming.get(to.node) ?? []
    list.push({ from, to })
    incoming.set(to.node, list)
  }
  const walk = createWalk(ports, incoming)

  const side = (id: string, which: 'inputs' | 'outputs'): WiredPort[] => {
    const known = ports.get(id)?.[which] ?? {}
    const used = inUse.get(id)?.[which] ?? new Set<string>()
    const drawn = Object.entries(known).map(([name, port]): WiredPort => {
      const wired = used.has(name)
      if (which === 'outputs')
        return { ...port, kind: walk.kind({ node: id, port: name }), name, wired, items: walk.leaving({ node: id, port: name }) > 0 }
      const sources = (incoming.get(id) ?? []).filter((edge) => edge.to.port === name)
      return { ...port, name, wired, items: sources.some((edge) => walk.leaving(edge.from) > 0) }
    })
    return [...drawn, ...[...used].filter((name) => !(name in known)).map(missing)]
  }
  const nodes = new Map(
    document.nodes.map(({ id }): [string, WiredNode] => {
      const made: WiredNode = { inputs: side(id, 'inputs'), outputs: side(id, 'outputs'), mapped: walk.depth(id) > 0 }
      const old = before?.nodes.get(id)
      return [id, old && JSON.stringify(old) === JSON.stringify(made) ? old : made]
    }),
  )
  const edges = new Map(
    ends.map(({ edge, from, to }): [string, WiredEdge] => {
      const output = ports.get(from.node)?.outputs[from.port]
      const input = ports.get(to.node)?.inputs[to.port]
      const kind = walk.kind(from)
      const fit = input && output && fits(kind, input)
      const made = { kind, items: walk.leaving(from) > 0, fit, toKind: input?.kind ?? 'any', broken: !fit }
      const old = before?.edges.get(edgeId(edge))
      return [edgeId(edge), old && JSON.stringify(old) === JSON.stringify(made) ? old : made]
    }),
  )
  return { nodes, edges }
}

/** Port names in order, as edits need them to let edges follow a renamed port. */
export const portNamesIn =
  (catalogue: CatalogueMap) =>
  (node: PipelineNode): { inputs: string[]; outputs: string[] } => {
    const { inputs, outputs } = portsOf(catalogue.get(node.type), node)
    return { inputs: Object.keys(inputs), outputs: Object.keys(outputs) }
  }

import type { Catalogue, CatalogueEntry } from '#nodes/define.ts'
import type { Kind, PortInfo } from '#nodes/ports.ts'
import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { type Lifted, lift } from '#runtime/pipeline/lift.ts'
import { fullConfig } from './defaults.ts'
import { type Fit, portsFor, splitRef } from './rules.ts'
import { edgeId } from './wires.ts'

export type CatalogueMap = ReadonlyMap<string, CatalogueEntry>

const lists = new WeakMap<CatalogueMap, Catalogue>()
/** The catalogue as lift and check take it: one list per map, since they keep indexes by list. */
export const catalogueList = (catalogue: CatalogueMap): Catalogue => {
  const known = lists.get(catalogue)
  if (known) return known
  const made = [...catalogue.values()]
  lists.set(catalogue, made)
  return made
}

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

type Used = { inputs: Set<string>; outputs: Set<string> }

const usedPorts = (document: PipelineDocument): ReadonlyMap<string, Used> => {
  const used = new Map(
    document.nodes.map((node): [string, Used] => [node.id, { inputs: new Set(), outputs: new Set() }]),
  )
  for (const edge of document.edges) {
    const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
    used.get(from.node)?.outputs.add(from.port)
    used.get(to.node)?.inputs.add(to.port)
  }
  return used
}

/** `sameAs` stays with a port whose kind nobody knows yet; for the canvas that is any. */
const drawn = ({ sameAs: _, ...port }: PortInfo): PortInfo => port

const drawNode = (id: string, lifted: Lifted, used: Used): WiredNode => {
  const node = lifted.nodes.get(id)
  const mapped = (node?.axes.length ?? 0) > 0
  const gone = (names: ReadonlySet<string>, known: ReadonlyMap<string, unknown> | undefined): WiredPort[] =>
    [...names]
      .filter((name) => !known?.has(name))
      .map((name) => ({ name, kind: 'any', wired: true, items: false, gone: true }))
  const inputs = [...(node?.inputs ?? [])].map(([name, port]): WiredPort => {
    const wires = node?.into.get(name) ?? []
    return { ...drawn(port), name, wired: used.inputs.has(name), items: wires.some((wire) => wire.axes.length > 0) }
  })
  const outputs = [...(node?.outputs ?? [])].map(
    ([name, port]): WiredPort => ({
      ...drawn(port),
      name,
      wired: used.outputs.has(name),
      items: mapped || port.each === true,
    }),
  )
  return {
    inputs: [...inputs, ...gone(used.inputs, node?.inputs)],
    outputs: [...outputs, ...gone(used.outputs, node?.outputs)],
    mapped,
  }
}

const keep = <T>(made: T, old: T | undefined): T =>
  old !== undefined && JSON.stringify(old) === JSON.stringify(made) ? old : made
const nothing: Used = { inputs: new Set(), outputs: new Set() }

/** What the canvas draws of ports and cables. Nodes and cables that came out as before are the same objects as before. */
export const wire = (document: PipelineDocument, catalogue: CatalogueMap, before?: Wiring): Wiring => {
  const lifted = lift(document, catalogueList(catalogue))
  const used = usedPorts(document)
  const unknown = new Set(lifted.unknown)
  const nodes = new Map(
    document.nodes.map(({ id }): [string, WiredNode] => [
      id,
      keep(drawNode(id, lifted, used.get(id) ?? nothing), before?.nodes.get(id)),
    ]),
  )
  const sound = new Map(lifted.edges.map((edge) => [edge.index, edge]))
  const edges = new Map(
    document.edges.map((edge, index): [string, WiredEdge] => {
      const known = sound.get(index)
      const to = splitRef(edge.to)
      const made: WiredEdge = {
        kind: known?.kind ?? 'any',
        items: (known?.axes.length ?? 0) > 0,
        fit: known?.fit,
        toKind: lifted.nodes.get(to.node)?.inputs.get(to.port)?.kind ?? 'any',
        // Nobody can judge a wire of a node type that is not known here.
        broken: known ? known.fit === undefined : !unknown.has(splitRef(edge.from).node) && !unknown.has(to.node),
      }
      return [edgeId(edge), keep(made, before?.edges.get(edgeId(edge)))]
    }),
  )
  return { nodes, edges }
}

/** Port names in order, as edits need them to let edges follow a renamed port. */
export const portNamesIn =
  (catalogue: CatalogueMap) =>
  (node: PipelineNode): { inputs: string[]; outputs: string[] } => {
    const entry = catalogue.get(node.type)
    if (!entry) return { inputs: [], outputs: [] }
    const config = fullConfig(entry, node)
    return {
      inputs: Object.keys(portsFor(entry.inputs, config)),
      outputs: Object.keys(portsFor(entry.outputs, config)),
    }
  }

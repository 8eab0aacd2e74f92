import type { Edge, PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'

/** The names of a node's ports in order, computed from its config. */
export type PortNames = (node: PipelineNode) => { inputs: readonly string[]; outputs: readonly string[] }

const nodeOf = (ref: string): string => ref.slice(0, ref.indexOf('.'))
export const portRef = (node: string, port: string): string => `${node}.${port}`
export const sameEdge = (a: Edge, b: Edge): boolean => a.from === b.from && a.to === b.to
/** Names an edge on the canvas; no document has two edges with both ends alike. */
export const edgeId = (edge: Edge): string => `${edge.from}>${edge.to}`
/** The edges that a selection of ids names. */
export const edgesById = (edges: readonly Edge[], ids: ReadonlySet<string>): Edge[] =>
  edges.filter((edge) => ids.has(edgeId(edge)))
export const touches = (edge: Edge, ids: ReadonlySet<string>): boolean =>
  ids.has(nodeOf(edge.from)) || ids.has(nodeOf(edge.to))

/** Wires two ports. An input that takes one edge lets go of the one it had. */
export const connect = (document: PipelineDocument, edge: Edge, many = false): PipelineDocument => {
  if (document.edges.some((other) => sameEdge(other, edge))) return document
  const kept = many ? document.edges : document.edges.filter((other) => other.to !== edge.to)
  return { ...document, edges: [...kept, { from: edge.from, to: edge.to }] }
}

export const disconnect = (document: PipelineDocument, gone: readonly Edge[]): PipelineDocument => {
  const edges = document.edges.filter((edge) => !gone.some((other) => sameEdge(other, edge)))
  return edges.length === document.edges.length ? document : { ...document, edges }
}

/** Moves an end of an edge. The edge keeps its place in the order, which a `many` input reads. */
export const reconnect = (document: PipelineDocument, old: Edge, edge: Edge, many = false): PipelineDocument => {
  if (sameEdge(old, edge)) return document
  const index = document.edges.findIndex((other) => sameEdge(other, old))
  if (index < 0) return connect(document, edge, many)
  const edges = document.edges.with(index, { from: edge.from, to: edge.to }).filter((other, at) => {
    if (at === index) return true
    return !sameEdge(other, edge) && (many || other.to !== edge.to)
  })
  return { ...document, edges }
}

/** Puts a node that is in the document already onto an edge: source → `input`, `output` → old goal. */
export const insertOnEdge = (
  document: PipelineDocument,
  edge: Edge,
  node: { id: string; input: string; output: string },
): PipelineDocument => {
  const index = document.edges.findIndex((other) => sameEdge(other, edge))
  if (index < 0) return document
  const edges = [...document.edges]
  edges.splice(
    index,
    1,
    { from: edge.from, to: portRef(node.id, node.input) },
    { from: portRef(node.id, node.output), to: edge.to },
  )
  return { ...document, edges }
}

/** Edges after the node `id` became `to`. */
export const renameEnds = (edges: readonly Edge[], id: string, to: string): Edge[] => {
  const end = (ref: string) => (nodeOf(ref) === id ? `${to}${ref.slice(id.length)}` : ref)
  return edges.map((edge) => (touches(edge, new Set([id])) ? { from: end(edge.from), to: end(edge.to) } : edge))
}

const onlyChange = (before: readonly string[], after: readonly string[]): [string, string] | undefined => {
  const gone = before.filter((name) => !after.includes(name))
  const come = after.filter((name) => !before.includes(name))
  return gone.length === 1 && come.length === 1 ? [gone[0] as string, come[0] as string] : undefined
}

/** Lets edges follow a port whose name was typed anew: exactly one name went and one came on that side. */
export const followPorts = (
  edges: PipelineDocument['edges'],
  id: string,
  before: ReturnType<PortNames>,
  after: ReturnType<PortNames>,
): PipelineDocument['edges'] => {
  const input = onlyChange(before.inputs, after.inputs)
  const output = onlyChange(before.outputs, after.outputs)
  if (!input && !output) return edges
  const follow = (ref: string, change: [string, string] | undefined) =>
    change && ref === portRef(id, change[0]) ? portRef(id, change[1]) : ref
  const next = edges.map((edge) => {
    const from = follow(edge.from, output)
    const to = follow(edge.to, input)
    return from === edge.from && to === edge.to ? edge : { from, to }
  })
  return next.some((edge, index) => edge !== edges[index]) ? next : edges
}

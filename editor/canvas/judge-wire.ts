import type { CatalogueEntry } from '#nodes/define.ts'
import type { Kind, PortInfo } from '#nodes/ports.ts'
import type { Edge, Finding, PipelineDocument } from '#runtime/pipeline/document.ts'
import { defaultsOf } from '../document/defaults.ts'
import { type Fit, fits, portsFor, splitRef } from '../document/rules.ts'
import { connect, portRef } from '../document/wires.ts'
import type { CatalogueMap, WiredPort, Wiring } from '../document/wiring.ts'

export type PortEnd = { node: string; port: string }
export type Graph = { document: PipelineDocument; wiring: Wiring; catalogue: CatalogueMap }

/** A node that would stand between two ports that do not fit. */
export type Bridge = { type: string; input: string; output: string }
export type Refusal =
  | { code: 'same-node' | 'cycle' | 'gone' }
  | { code: 'kind'; from: Kind; to: Kind; bridge?: Bridge }
  | { code: 'finding'; finding: Finding }
export type Verdict = { ok: true; fit: Fit } | { ok: false; refusal: Refusal }

const portAt = (wiring: Wiring, end: PortEnd, side: 'inputs' | 'outputs'): WiredPort | undefined =>
  wiring.nodes.get(end.node)?.[side].find((port) => port.name === end.port)

/** Nodes that can be reached from `start` along the wires, itself included. */
export const downstream = (edges: readonly Edge[], start: string): Set<string> => {
  const next = new Map<string, string[]>()
  for (const edge of edges) {
    const from = splitRef(edge.from).node
    next.set(from, [...(next.get(from) ?? []), splitRef(edge.to).node])
  }
  const found = new Set([start])
  const waiting = [start]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
    for (const goal of next.get(node) ?? [])
      if (!found.has(goal)) {
        found.add(goal)
        waiting.push(goal)
      }
  return found
}

/** The ports a new node of this type would have. */
export const portsOfType = (entry: CatalogueEntry) => {
  const config = defaultsOf(entry.config)
  return {
    inputs: Object.entries(portsFor(entry.inputs, config)),
    outputs: Object.entries(portsFor(entry.outputs, config)),
  }
}

/** A type that turns `from` into what `to` takes, the one with the fewest ports first. */
export const bridgeFor = (catalogue: CatalogueMap, from: Kind, to: PortInfo): Bridge | undefined => {
  const found = [...catalogue.values()].flatMap((entry) => {
    const { inputs, outputs } = portsOfType(entry)
    const input = inputs.find(([, port]) => port.kind !== 'any' && !port.each && fits(from, port))
    const output = outputs.find(([, port]) => port.kind !== 'any' && !port.each && fits(port.kind, to))
    if (!input || !output) return []
    return [{ bridge: { type: entry.type, input: input[0], output: output[0] }, ports: inputs.length + outputs.length }]
  })
  return found.sort((a, b) => a.ports - b.ports)[0]?.bridge
}

/** The type that gives out this kind most simply: where nothing turns one kind into the other, a wire comes from it. */
export const giverOf = (catalogue: CatalogueMap, kind: Kind): CatalogueEntry | undefined =>
  [...catalogue.values()]
    .map((entry) => ({ entry, ports: portsOfType(entry) }))
    .filter(({ ports }) => ports.outputs.some(([, port]) => port.kind === kind))
    .sort((a, b) => a.ports.outputs.length - b.ports.outputs.length)[0]?.entry

/** Whether an output may be wired into an input by kind and direction alone: cheap enough to ask of every port. */
export const judgeEnds = ({ document, wiring, catalogue }: Graph, from: PortEnd, to: PortEnd): Verdict => {
  const output = portAt(wiring, from, 'outputs')
  const input = portAt(wiring, to, 'inputs')
  if (!output || !input || output.gone || input.gone) return { ok: false, refusal: { code: 'gone' } }
  if (from.node === to.node) return { ok: false, refusal: { code: 'same-node' } }
  const fit = fits(output.kind, input)
  if (!fit) {
    const bridge = bridgeFor(catalogue, output.kind, input)
    return { ok: false, refusal: { code: 'kind', from: output.kind, to: input.kind, ...(bridge && { bridge }) } }
  }
  if (downstream(document.edges, to.node).has(from.node)) return { ok: false, refusal: { code: 'cycle' } }
  return { ok: true, fit }
}

const findingKey = ({ code, node, port, edge, details }: Finding) =>
  JSON.stringify([code, node, port, edge !== undefined, details])

/** The same with the whole check: refuses a wire that would bring an error which was not there before. */
export const judgeWire = (
  graph: Graph,
  from: PortEnd,
  to: PortEnd,
  check: (document: PipelineDocument) => readonly Finding[],
): Verdict => {
  const verdict = judgeEnds(graph, from, to)
  if (!verdict.ok) return verdict
  const many = portAt(graph.wiring, to, 'inputs')?.many
  const edge = { from: portRef(from.node, from.port), to: portRef(to.node, to.port) }
  const before = new Set(check(graph.document).map(findingKey))
  const touched = new Set([from.node, to.node])
  const finding = check(connect(graph.document, edge, many)).find(
    (one) =>
      one.level === 'error' &&
      ['cycle', 'kind-mismatch', 'needs-stream', 'zip-first'].includes(one.code) &&
      (one.node === undefined || touched.has(one.node)) &&
      !before.has(findingKey(one)),
  )
  return finding ? { ok: false, refusal: { code: 'finding', finding } } : verdict
}

/** Every port that a wire from this one may be plugged into, as `node.port`. */
export const targetsOf = (graph: Graph, end: PortEnd, side: 'output' | 'input'): Set<string> => {
  const { document, wiring } = graph
  const found = new Set<string>()
  const own = portAt(wiring, end, side === 'output' ? 'outputs' : 'inputs')
  if (!own || own.gone) return found
  const reached = side === 'output' ? undefined : downstream(document.edges, end.node)
  const blocked = new Map<string, boolean>()
  const closes = (node: string) => {
    if (reached) return reached.has(node)
    const known = blocked.get(node) ?? downstream(document.edges, node).has(end.node)
    blocked.set(node, known)
    return known
  }
  for (const [node, wired] of wiring.nodes) {
    if (node === end.node) continue
    for (const port of side === 'output' ? wired.inputs : wired.outputs) {
      const fit = side === 'output' ? fits(own.kind, port) : fits(port.kind, own)
      if (!port.gone && fit && !closes(node)) found.add(portRef(node, port.name))
    }
  }
  return found
}

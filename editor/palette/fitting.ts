import type { CatalogueEntry } from '#nodes/define.ts'
import type { Kind } from '#nodes/ports.ts'
import { portsOfType } from '../canvas/judge-wire.ts'
import { type Fit, fits, splitRef } from '../document/rules.ts'
import type { OpenEnd } from '../document/view-store.ts'
import { edgeId } from '../document/wires.ts'
import type { Wiring } from '../document/wiring.ts'

const rank: Record<Fit, number> = { same: 0, rendered: 1, coerced: 2 }
const bestOf = (ranks: readonly (Fit | undefined)[]): number | undefined => {
  const found = ranks.flatMap((fit) => (fit ? [rank[fit]] : []))
  return found.length > 0 ? Math.min(...found) : undefined
}

/** The kind at an open end, for the heading "Fits documents". */
export const kindAt = (wiring: Wiring, end: OpenEnd): Kind | undefined => {
  if (end.side === 'edge') return wiring.edges.get(edgeId(end))?.kind
  const node = wiring.nodes.get(end.node)
  return (end.side === 'output' ? node?.outputs : node?.inputs)?.find((port) => port.name === end.port)?.kind
}

/** How well a new node of this type could be wired to an open end: 0 best; undefined not at all. */
export const fitOf = (entry: CatalogueEntry, wiring: Wiring, end: OpenEnd): number | undefined => {
  const { inputs, outputs } = portsOfType(entry)
  const kind = kindAt(wiring, end)
  if (!kind) return undefined
  if (end.side === 'output') return bestOf(inputs.map(([, port]) => fits(kind, port)))
  const goalRef = end.side === 'input' ? { node: end.node, port: end.port } : splitRef(end.to)
  const goal = wiring.nodes.get(goalRef.node)?.inputs.find((port) => port.name === goalRef.port)
  // A port that takes the kind of what is wired in counts as what will be wired in.
  const given = (port: { kind: Kind; sameAs?: string }) =>
    port.sameAs !== undefined && end.side === 'edge' ? kind : port.kind
  const out = goal && bestOf(outputs.map(([, port]) => fits(given(port), goal)))
  if (out === undefined || end.side === 'input') return out
  const into = bestOf(inputs.map(([, port]) => fits(kind, port)))
  return into === undefined ? undefined : into + out
}

/** The types that fit an open end, best first. */
export const fittingTypes = (entries: readonly CatalogueEntry[], wiring: Wiring, end: OpenEnd): CatalogueEntry[] =>
  entries
    .flatMap((entry) => {
      const fit = fitOf(entry, wiring, end)
      return fit === undefined ? [] : [{ entry, fit }]
    })
    .sort((a, b) => a.fit - b.fit)
    .map(({ entry }) => entry)

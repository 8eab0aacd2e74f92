import type { CatalogueEntry } from '#nodes/define.ts'
import type { Kind, PortInfo } from '#nodes/ports.ts'
import type { Fit } from '#nodes/rules.ts'
import type { ParseConfig } from '../config.ts'
import type { PipelineNode } from '../document.ts'
import type { Fault } from '../faults.ts'

/**
 * The sources of the maps that something runs over, outermost first, each named by the node that opened it. A step of a node
 * with axes `['rows', 'split']` has a path of two positions, such as [3, 7].
 */
export type Axes = readonly string[]

/** An edge whose two ends exist. */
export type LiftedEdge = {
  /** Position in the document's `edges`. */
  index: number
  from: { node: string; port: string }
  to: { node: string; port: string }
  /** What flows; `any` as long as it is not known. */
  kind: Kind
  /** Undefined: it does not fit, and a finding says so. */
  fit: Fit | undefined
  /** The axes of what flows. More than none is drawn as a double cable. */
  axes: Axes
}

export type LiftedNode = {
  id: string
  /** Position in the document's `nodes`. */
  index: number
  node: PipelineNode
  entry: CatalogueEntry
  /** Parsed, with defaults. As written where it does not parse: `configErrors` then says why, unless the node is disabled. */
  config: Record<string, unknown>
  configErrors: readonly Fault[]
  /** In order. A port that still has `sameAs` is not known yet and fits everything. */
  inputs: ReadonlyMap<string, PortInfo>
  outputs: ReadonlyMap<string, PortInfo>
  /** The edges into each wired input, in edge order. */
  into: ReadonlyMap<string, readonly LiftedEdge[]>
  /** What the node itself runs over: one step per position. Empty for a plain step. */
  axes: Axes
  /** Has `each` outputs: its steps start a map named by its id. */
  opens: boolean
  /** Has `each` inputs: the innermost axis of what arrives there ends here. */
  ends: boolean
}

export type BrokenEnd = 'from-node' | 'from-port' | 'to-node' | 'to-port'

/** What lifting could not make sense of; `check` words it. */
export type LiftProblem =
  | { problem: 'broken'; edge: number; end: BrokenEnd }
  /** In the order of the wires; the last is wired into the first. */
  | { problem: 'cycle'; nodes: readonly string[] }
  | { problem: 'needs-stream'; edge: LiftedEdge }
  | { problem: 'zip-first'; node: string; port: string; axes: Axes; otherPort: string; otherAxes: Axes }

/** A document joined with the catalogue: what the engine runs and the editor draws. */
export type Lifted = {
  /** Every node of a known type, in document order. */
  nodes: ReadonlyMap<string, LiftedNode>
  /** The nodes that run, each after all that feed it. Without annotations and what stands on a cycle. */
  order: readonly string[]
  edges: readonly LiftedEdge[]
  /** Nodes whose type the catalogue lacks; their edges are kept and judged by nobody. */
  unknown: readonly string[]
  /** Inputs, as `node.port`, with an edge that is broken or comes from an unknown type. */
  loose: ReadonlySet<string>
  problems: readonly LiftProblem[]
}

export type LiftContext = { parseConfig?: ParseConfig }

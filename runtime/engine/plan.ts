import type { AnyNode } from '#nodes/define.ts'
import type { Kind, PortInfo } from '#nodes/ports.ts'
import type { RetryRule } from './retry.ts'

/** Where an input's value comes from, resolved once so that a step only walks indices. */
export type Source = {
  /** Position of the giving node in `plan.nodes`. */
  node: number
  port: string
  /** What the port really gives. */
  kind: Kind
  /** The port is `each`: its values are the items of the map that the node starts, not outputs of its step. */
  item: boolean
  /** Length of the path of the scope that holds the value. */
  depth: number
  /** Place of the giving node's row in that scope. */
  slot: number
}

export type PlanInput = {
  port: string
  /** What `run` expects, after coercion. */
  kind: Kind
  required: boolean
  many: boolean
  /** The node takes the whole stream of items here and so ends their map. */
  each: boolean
  /** In edge order. */
  sources: readonly Source[]
}

export type PlanNode = {
  id: string
  /** Position in `plan.nodes`. */
  index: number
  definition: AnyNode
  /** Parsed by the definition's schema. */
  config: Record<string, unknown>
  /** The nodes whose items this one is mapped over, outermost first. Its steps have paths of this length. */
  axis: readonly number[]
  /** Place of its row among the nodes of the same axis. */
  slot: number
  inputs: readonly PlanInput[]
  outputs: Readonly<Record<string, PortInfo>>
  /** It starts a map: some outputs are `each`. */
  starts: boolean
  kinds: Readonly<Record<string, Kind>>
  retry: RetryRule
  /** Milliseconds for one attempt; undefined: as long as it takes. */
  timeout: number | undefined
  /** Items in flight at once. */
  concurrency: number
  onItemError: 'fail' | 'skip' | 'collect'
  /** Stands in for the outputs; draft runs only. */
  pin: Readonly<Record<string, unknown>> | undefined
  disabled: boolean
}

/** What the scheduler waits for as one: a step, or the pass of all items of one map through a block. */
export type Unit = { node: number; block?: undefined } | { node: number; block: Block }

/** Units of one scope in an order in which each comes after those it waits for. */
export type Block = {
  units: readonly Unit[]
  /** Per unit: how many units of this block must settle first. */
  waits: readonly number[]
  /** Per unit: the positions of those that wait for it. */
  dependents: readonly (readonly number[])[]
  /** Items in flight at once when this block is the body of a map. */
  window: number
}

/** A snapshot made ready to run: frozen, shared by all runs of it. */
export type Plan = {
  nodes: readonly PlanNode[]
  byId: ReadonlyMap<string, PlanNode>
  block: Block
  /** Number of rows of a scope, by the node whose items make the scopes; -1 is the run itself. */
  sizes: ReadonlyMap<number, number>
  /** Nodes whose inputs are the run's output; if there are none, `sinks` give theirs by id. */
  ends: readonly PlanNode[]
  sinks: readonly PlanNode[]
}

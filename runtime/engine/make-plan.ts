import type { AnyNode, Registry } from '#nodes/define.ts'
import { configParser } from '../pipeline/config.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import { type Lifted, type LiftedEdge, type LiftedNode, lift } from '../pipeline/lift.ts'
import { migrate } from '../pipeline/migrate.ts'
import { blockOf } from './blocks.ts'
import { catalogueOf } from './catalogue.ts'
import { milliseconds } from './duration.ts'
import type { Plan, PlanInput, PlanNode, Source } from './plan.ts'
import { type RetryRule, retryByEffect } from './retry.ts'

const usualConcurrency = 8

/** Makes a checked document ready to run. `draft` runs honour pins. Throws on what the check would have refused. */
export const makePlan = (saved: PipelineDocument, registry: Registry, draft: boolean): Plan => {
  // Published documents stay as they were saved: they are brought up to the installed node types here, in memory only.
  const { document, findings } = migrate(saved, (type) => registry.get(type))
  if (findings[0]) throw new TypeError(findings[0].message)
  const parseConfig = configParser((entry) => registry.get(entry.type)?.config)
  const lifted = lift(document, catalogueOf(registry), { parseConfig })
  refuseUnchecked(document, lifted)
  const indices = new Map(lifted.order.map((id, index) => [id, index]))
  const slots = slotsOf(lifted, indices)
  const place = (id: string): number => indices.get(id) as number

  const sourceOf = ({ from, kind }: LiftedEdge): Source => {
    const giver = lifted.nodes.get(from.node) as LiftedNode
    const item = giver.outputs.get(from.port)?.each === true
    return {
      node: place(from.node),
      port: from.port,
      kind,
      item,
      depth: giver.axes.length + (item ? 1 : 0),
      slot: slots.slot.get(from.node) as number,
    }
  }
  const nodes = lifted.order.map((id, index): PlanNode => {
    const node = lifted.nodes.get(id) as LiftedNode
    const definition = registry.get(node.entry.type) as AnyNode
    return {
      id,
      index,
      definition,
      config: node.config,
      axis: node.axes.map(place),
      slot: slots.slot.get(id) as number,
      inputs: inputsOf(node, sourceOf),
      outputs: Object.fromEntries(node.outputs),
      starts: node.opens,
      kinds: kindsOf(node),
      ...policyOf(node, definition),
      pin: draft ? node.node.pin : undefined,
      disabled: node.node.disabled === true,
    }
  })
  const giving = new Set(
    nodes.flatMap((node) => node.inputs.flatMap((input) => input.sources.map((from) => from.node))),
  )
  const inOrder = nodes.toSorted((a, b) => placeIn(lifted, a) - placeIn(lifted, b))
  return {
    nodes,
    byId: new Map(nodes.map((node) => [node.id, node])),
    block: blockOf(nodes),
    sizes: slots.sizes,
    ends: inOrder.filter((node) => node.definition.boundary === 'end'),
    sinks: inOrder.filter((node) => !giving.has(node.index)),
  }
}

const placeIn = (lifted: Lifted, node: PlanNode): number => lifted.nodes.get(node.id)?.index ?? 0

/** Rows of a scope lie side by side: each node has a place among those of the same axis. */
const slotsOf = (lifted: Lifted, indices: ReadonlyMap<string, number>) => {
  const slot = new Map<string, number>()
  const sizes = new Map<number, number>()
  for (const id of lifted.order) {
    const inner = lifted.nodes.get(id)?.axes.at(-1)
    const axis = inner === undefined ? -1 : (indices.get(inner) as number)
    const size = sizes.get(axis) ?? 0
    slot.set(id, size)
    sizes.set(axis, size + 1)
  }
  return { slot, sizes }
}

const inputsOf = (node: LiftedNode, sourceOf: (edge: LiftedEdge) => Source): PlanInput[] =>
  [...node.inputs].flatMap(([name, port]) => {
    const edges = node.into.get(name) ?? []
    if (edges.length === 0) return []
    return [
      {
        port: name,
        kind: port.kind,
        required: !port.optional,
        many: port.many === true,
        each: port.each === true,
        sources: edges.map(sourceOf),
      },
    ]
  })

/** The kind that arrives at each wired input: its own where values are coerced, the wire's where the node renders them. */
const kindsOf = (node: LiftedNode): PlanNode['kinds'] =>
  Object.freeze(
    Object.fromEntries(
      [...node.into].map(([name, edges]) => {
        const port = node.inputs.get(name)
        const arriving = new Set(
          edges.map((edge) => (edge.fit === 'coerced' && port && port.kind !== 'any' ? port.kind : edge.kind)),
        )
        return [name, arriving.size === 1 ? ([...arriving][0] ?? 'any') : 'any']
      }),
    ),
  )

const policyOf = ({ node }: LiftedNode, definition: AnyNode) => {
  const { policy } = node
  const usual = retryByEffect(definition.effect)
  const asked = policy?.retry ?? definition.retry
  const retry: RetryRule = {
    attempts: asked?.attempts ?? usual.attempts,
    first: asked?.first ? milliseconds(asked.first) : usual.first,
    most: asked?.most ? milliseconds(asked.most) : usual.most,
  }
  const timeout = policy?.timeout ?? definition.timeout
  return {
    retry,
    timeout: timeout === undefined ? undefined : milliseconds(timeout),
    concurrency: policy?.concurrency ?? usualConcurrency,
    onItemError: policy?.onItemError ?? 'fail',
  } as const
}

const refuseUnchecked = (document: PipelineDocument, lifted: Lifted): void => {
  const [unknown] = lifted.unknown
  if (unknown !== undefined) {
    const type = document.nodes.find((node) => node.id === unknown)?.type
    throw new TypeError(`Node "${unknown}" has the unknown type "${type}". Check the document before a run.`)
  }
  const [problem] = lifted.problems
  if (problem) throw new TypeError(`The document has a problem (${problem.problem}). Check it before a run.`)
  for (const node of lifted.nodes.values()) {
    const [error] = node.configErrors
    if (error) throw new TypeError(`The config of node "${node.id}" is wrong at ${error.pointer}: ${error.message}`)
  }
}

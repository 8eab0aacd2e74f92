import type { Block, PlanNode, Unit } from './plan.ts'

/** A unit to be, with the nodes that run in it. */
type Part = { node: number; map: boolean; members: PlanNode[] }

/**
 * Splits nodes (in dependency order) into the units of one scope. All items of a map pass together, but not always once:
 * a node that needs an item *and* what was collected from a map belongs to a later pass over the items, and so does one
 * that needs what takes its time outside the map, for which the others need not wait. No pass can wait for a result that
 * needs the pass itself: along every edge the stage and what is awaited only grow, and an edge that leaves a map raises
 * the stage.
 */
export const blockOf = (nodes: readonly PlanNode[], depth = 0): Block => {
  const parts = ordered(partsOf(nodes, depth))
  return {
    units: parts.map(
      ({ part }): Unit =>
        part.map ? { node: part.node, block: blockOf(part.members, depth + 1) } : { node: part.node },
    ),
    waits: parts.map(({ waits }) => waits),
    dependents: parts.map(({ dependents }) => dependents),
    window: windowOf(nodes),
  }
}

const partsOf = (nodes: readonly PlanNode[], depth: number): Part[] => {
  const parts = new Map<string, Part>()
  const passes = passesOf(nodes, depth)
  for (const node of nodes) {
    const source = node.axis[depth]
    const key = source === undefined ? node.id : `${source}/${passes.get(node.index)}`
    const part = parts.get(key)
    if (part) part.members.push(node)
    else parts.set(key, { node: source ?? node.index, map: source !== undefined, members: [node] })
  }
  return [...parts.values()]
}

/**
 * Per node, the pass over its map that it belongs to. `stage`: on the longest way to it, how many edges leave a map of
 * this depth. `awaited`: the nodes on any way to it that may take their time, but for those of its own map.
 */
const passesOf = (nodes: readonly PlanNode[], depth: number): Map<number, string> => {
  type Known = { source: number | undefined; stage: number; awaited: ReadonlySet<number>; takesTime: boolean }
  const known = new Map<number, Known>()
  for (const node of nodes) {
    const source = node.axis[depth]
    let stage = 0
    const awaited = new Set<number>()
    for (const index of givers(node)) {
      const giver = known.get(index)
      if (!giver) continue
      const leaves = giver.source !== undefined && giver.source !== source
      stage = Math.max(stage, giver.stage + (leaves ? 1 : 0))
      for (const one of giver.awaited) awaited.add(one)
      if (giver.takesTime && (giver.source === undefined || leaves)) awaited.add(index)
    }
    known.set(node.index, { source, stage, awaited, takesTime: node.definition.effect !== 'pure' })
  }
  const inOrder = ({ awaited }: Known) => [...awaited].toSorted((a, b) => a - b)
  return new Map([...known].map(([index, one]) => [index, `${one.stage}/${inOrder(one)}`]))
}

const givers = (node: PlanNode): number[] => node.inputs.flatMap((input) => input.sources.map((from) => from.node))

type Ordered = { part: Part; waits: number; dependents: number[] }

/** Kahn's order, first come first served. The document's check has refused cycles. */
const ordered = (parts: readonly Part[]): Ordered[] => {
  const partOf = new Map<number, Part>()
  for (const part of parts) for (const member of part.members) partOf.set(member.index, part)
  const needs = new Map(parts.map((part) => [part, needsOf(part, partOf)]))
  const needed = new Map<Part, Part[]>(parts.map((part) => [part, []]))
  for (const [part, all] of needs) for (const need of all) needed.get(need)?.push(part)

  const left = new Map(parts.map((part) => [part, needs.get(part)?.size ?? 0]))
  const order = parts.filter((part) => left.get(part) === 0)
  for (const part of order) {
    for (const next of needed.get(part) ?? []) {
      const open = (left.get(next) ?? 0) - 1
      left.set(next, open)
      if (open === 0) order.push(next)
    }
  }
  const place = new Map(order.map((part, position) => [part, position]))
  return order.map((part) => ({
    part,
    waits: needs.get(part)?.size ?? 0,
    dependents: (needed.get(part) ?? []).map((next) => place.get(next) as number),
  }))
}

const needsOf = (part: Part, partOf: ReadonlyMap<number, Part>): Set<Part> => {
  const needs = new Set(part.members.flatMap(givers).flatMap((index) => partOf.get(index) ?? []))
  // Items exist once their source has ended, even if no member here takes a value of theirs.
  const source = part.map ? partOf.get(part.node) : undefined
  if (source) needs.add(source)
  needs.delete(part)
  return needs
}

/** Enough items to keep every waiting node busy, few enough to bound memory. */
const windowOf = (nodes: readonly PlanNode[]): number =>
  Math.min(
    1_000,
    nodes.reduce((sum, node) => sum + (node.definition.effect === 'pure' ? 0 : node.concurrency), 8),
  )

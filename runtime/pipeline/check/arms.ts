import type { Finding } from '../document.ts'
import type { Axes, Lifted, LiftedEdge, LiftedNode } from '../lift/types.ts'
import { atNode, type Check, nameOf } from './context.ts'

/**
 * What is known of a node if it runs: the arms that were then not taken, one bit per wired arm of every branch. Bits instead
 * of sets: 20,000 edges over as many arms are 12 million word operations.
 */
type Ruled = Uint32Array

/** A branch and its wired arms, which have the bits from `first` on. The bit `first` itself stands for all unwired arms. */
type Branch = { node: LiftedNode; first: number; arms: readonly string[] }

const branchesOf = (lifted: Lifted): { branches: ReadonlyMap<string, Branch>; bits: number } => {
  const wired = new Map<string, Set<string>>()
  for (const { from } of lifted.edges) {
    if (!lifted.nodes.get(from.node)?.entry.exclusive) continue
    const arms = wired.get(from.node)
    if (arms) arms.add(from.port)
    else wired.set(from.node, new Set([from.port]))
  }
  const branches = new Map<string, Branch>()
  let bits = 0
  for (const [id, arms] of wired) {
    const node = lifted.nodes.get(id)
    if (!node) continue
    branches.set(id, { node, first: bits, arms: [...arms] })
    bits += arms.size + 1
  }
  return { branches, bits }
}

const has = (ruled: Ruled, bit: number): boolean => ((ruled[bit >>> 5] as number) & (1 << (bit & 31))) !== 0
const set = (ruled: Ruled, bit: number): void => {
  ruled[bit >>> 5] = (ruled[bit >>> 5] as number) | (1 << (bit & 31))
}
const clear = (ruled: Ruled, bit: number): void => {
  ruled[bit >>> 5] = (ruled[bit >>> 5] as number) & ~(1 << (bit & 31))
}
const unite = (into: Ruled, other: Ruled): void => {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] as number) | (other[word] as number)
}
const narrow = (into: Ruled, other: Ruled): void => {
  for (let word = 0; word < into.length; word++) into[word] = (into[word] as number) & (other[word] as number)
}

const isInside = (axes: Axes, outer: Axes): boolean => outer.every((axis, at) => axis === axes[at])

/** The branches whose arms can be told apart where the node runs: not those inside a map that ended before it. */
const forgetInner = (ruled: Ruled, node: LiftedNode, branches: ReadonlyMap<string, Branch>): void => {
  if (!node.ends) return
  for (const branch of branches.values())
    if (!isInside(node.axes, branch.node.axes))
      for (let bit = branch.first; bit <= branch.first + branch.arms.length; bit++) clear(ruled, bit)
}

/** The branch of which no arm is left, if there is one. */
const contradiction = (ruled: Ruled, branches: ReadonlyMap<string, Branch>): Branch | undefined => {
  for (const branch of branches.values()) {
    let bit = branch.first
    while (bit <= branch.first + branch.arms.length && has(ruled, bit)) bit++
    if (bit > branch.first + branch.arms.length) return branch
  }
  return undefined
}

/** What must be ruled out for a value to come over this wire. */
const ruledBy = (
  edge: LiftedEdge,
  known: ReadonlyMap<string, Ruled>,
  branches: ReadonlyMap<string, Branch>,
  bits: number,
) => {
  const ruled = known.get(edge.from.node)?.slice() ?? new Uint32Array(Math.ceil(bits / 32))
  const branch = branches.get(edge.from.node)
  if (branch) {
    set(ruled, branch.first)
    for (const [at, arm] of branch.arms.entries()) if (arm !== edge.from.port) set(ruled, branch.first + 1 + at)
  }
  return ruled
}

const eitherOf = (ways: readonly Ruled[]): Ruled | undefined => {
  const [first, ...others] = ways
  for (const other of others) if (first) narrow(first, other)
  return first
}

/** Nodes whose required inputs hang on different arms of one branch: whichever is taken, something is missing. */
export const checkArms: Check = ({ lifted }) => {
  const { branches, bits } = branchesOf(lifted)
  if (branches.size === 0) return []
  const known = new Map<string, Ruled>()
  const findings: Finding[] = []
  for (const id of lifted.order) {
    const node = lifted.nodes.get(id) as LiftedNode
    /** One entry per input; several wires into one input are alternatives. */
    const inputs = [...node.into].flatMap(([port, wires]) => {
      if (node.inputs.get(port)?.optional && !node.entry.joins) return []
      const either = eitherOf(wires.map((wire) => ruledBy(wire, known, branches, bits)))
      return either ? [either] : []
    })
    const [first, ...others] = inputs
    if (!first) continue
    const before = first.slice()
    for (const other of others) {
      if (node.entry.joins) narrow(first, other)
      else unite(first, other)
    }
    forgetInner(first, node, branches)
    const branch = others.length > 0 && !node.entry.joins ? contradiction(first, branches) : undefined
    // What follows from a node that can never run is no problem of its own.
    known.set(id, branch ? before : first)
    if (branch)
      findings.push(
        atNode(
          'both-arms',
          node,
          `${nameOf(node)} can never run: it needs several ways out of "${nameOf(branch.node)}", which takes one. Merge them before it.`,
          { details: { branch: branch.node.id } },
        ),
      )
  }
  return findings
}

import { type Edge, type Finding, splitRef } from '../document.ts'
import type { BrokenEnd, LiftedEdge, LiftedNode } from '../lift/types.ts'
import { atNode, type Check, type Checked, nameOf } from './context.ts'
import { remedyFor } from './remedy.ts'

const brokenMessage = (end: BrokenEnd, edge: Edge): string => {
  const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
  switch (end) {
    case 'from-node':
      return `The wire comes from "${from.node}", which is not there. Remove the wire or bring the node back.`
    case 'to-node':
      return `The wire goes to "${to.node}", which is not there. Remove the wire or bring the node back.`
    case 'from-port':
      return `"${from.node}" has no output "${from.port}". Wire another output or change its config back.`
    case 'to-port':
      return `"${to.node}" has no input "${to.port}". Wire another input or change its config back.`
  }
}

export const checkBroken: Check = ({ document, lifted }) =>
  lifted.problems.flatMap((one): Finding[] => {
    const edge = one.problem === 'broken' ? document.edges[one.edge] : undefined
    if (one.problem !== 'broken' || !edge) return []
    const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
    const ref = one.end.startsWith('from') ? from : to
    // Where to look: at the node that lacks the port, or at the end that is still there.
    const place = [ref, from, to].find(({ node }) => lifted.nodes.has(node))
    return [
      {
        code: 'broken-edge',
        level: 'error',
        message: brokenMessage(one.end, edge),
        edge: one.edge,
        ...(place && { node: place.node, port: place.port }),
        details: { end: one.end, node: ref.node, port: ref.port },
      },
    ]
  })

const mismatch = (checked: Checked, edge: LiftedEdge, target: LiftedNode): Finding => {
  const want = target.inputs.get(edge.to.port)?.kind ?? 'any'
  const remedy = remedyFor(checked.catalogue, edge.kind, want)
  const way = remedy ? `Put "${remedy.title.en}" in between?` : 'Wire another output into it.'
  return atNode(
    'kind-mismatch',
    target,
    `${nameOf(target)}, input ${edge.to.port}: needs ${want}, not ${edge.kind}. ${way}`,
    {
      port: edge.to.port,
      edge: edge.index,
      details: { from: edge.kind, to: want, ...(remedy && { remedy: remedy.type }) },
    },
  )
}

export const checkKinds: Check = (checked) =>
  checked.lifted.edges.flatMap((edge) => {
    const target = checked.lifted.nodes.get(edge.to.node)
    return target && edge.fit === undefined ? [mismatch(checked, edge, target)] : []
  })

/** Two wires in an input that takes one. The first wire is left alone. */
export const checkTaken: Check = ({ lifted }) =>
  [...lifted.nodes.values()].flatMap((node) =>
    [...node.into].flatMap(([port, wires]) =>
      node.inputs.get(port)?.many
        ? []
        : wires.slice(1).map((wire) =>
            atNode(
              'input-taken',
              node,
              `${nameOf(node)}, input ${port}: takes one wire. Remove this one, or merge the two before.`,
              {
                port,
                edge: wire.index,
              },
            ),
          ),
    ),
  )

/** Whether everything wired into an input comes from disabled nodes. */
const comesFromDisabled = (wires: readonly LiftedEdge[], checked: Checked): boolean =>
  wires.every((wire) => checked.lifted.nodes.get(wire.from.node)?.node.disabled)

const missing = (checked: Checked, node: LiftedNode): Finding[] => {
  const judged = [...node.inputs].filter(([port]) => !checked.lifted.loose.has(`${node.id}.${port}`))
  const starved = judged.flatMap(([port, { optional }]): Finding[] => {
    const wires = node.into.get(port)
    if (optional) return []
    if (!wires)
      return [
        atNode(
          'input-missing',
          node,
          `${nameOf(node)}, input ${port}: nothing is wired into it. Wire an output into it.`,
          { port },
        ),
      ]
    const [wire] = wires
    if (!wire || !comesFromDisabled(wires, checked)) return []
    const source = checked.lifted.nodes.get(wire.from.node)
    return [
      {
        ...atNode(
          'input-missing',
          node,
          `${nameOf(node)}, input ${port}: "${source ? nameOf(source) : wire.from.node}" is disabled, so this node will be skipped. Enable it or wire something else.`,
          { port, edge: wire.index, details: { disabled: wire.from.node } },
        ),
        level: 'warning',
      },
    ]
  })
  // A node that joins arms runs as soon as one of its inputs has a value.
  return node.entry.joins && starved.length < node.inputs.size ? [] : starved
}

export const checkMissing: Check = (checked) =>
  [...checked.lifted.nodes.values()].flatMap((node) => (node.node.disabled ? [] : missing(checked, node)))

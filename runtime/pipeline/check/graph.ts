import type { Finding } from '../document.ts'
import type { Axes, LiftProblem } from '../lift/types.ts'
import { atNode, type Check, type Checked, nameOf } from './context.ts'

/** A long cycle is told by its first nodes; `details` keep the count. */
const mostNames = 8

const cycle = (nodes: readonly string[], { lifted }: Checked): Finding[] => {
  const names = nodes.flatMap((id) => {
    const node = lifted.nodes.get(id)
    return node ? [nameOf(node)] : []
  })
  const way = [...names.slice(0, mostNames), ...(names.length > mostNames ? ['…'] : []), names[0]].join(' → ')
  return [
    {
      code: 'cycle',
      level: 'error',
      message: `The wires go in a circle: ${way}. Remove one of them.`,
      ...(nodes[0] !== undefined && { node: nodes[0] }),
      details: { nodes: nodes.join(' '), length: nodes.length },
    },
  ]
}

const source = (axes: Axes, { lifted }: Checked): string => {
  const inner = axes.at(-1)
  const node = inner === undefined ? undefined : lifted.nodes.get(inner)
  return node ? `the items of "${nameOf(node)}"` : 'a single value'
}

const tell = (one: LiftProblem, checked: Checked): Finding[] => {
  switch (one.problem) {
    case 'broken':
      return []
    case 'cycle':
      return cycle(one.nodes, checked)
    case 'needs-stream': {
      const node = checked.lifted.nodes.get(one.edge.to.node)
      if (!node) return []
      const { port } = one.edge.to
      return [
        atNode(
          'needs-stream',
          node,
          `${nameOf(node)}, input ${port}: takes the items of a map, and this is one value. Wire in what a dataset or a loop over items gives out.`,
          {
            port,
            edge: one.edge.index,
          },
        ),
      ]
    }
    case 'zip-first': {
      const node = checked.lifted.nodes.get(one.node)
      if (!node) return []
      return [
        atNode(
          'zip-first',
          node,
          `${nameOf(node)}: input ${one.otherPort} runs over ${source(one.otherAxes, checked)}, input ${one.port} over ${source(one.axes, checked)}. Zip them first.`,
          {
            port: one.port,
            details: { otherPort: one.otherPort, axes: one.axes.join(' '), otherAxes: one.otherAxes.join(' ') },
          },
        ),
      ]
    }
  }
}

export const checkGraph: Check = (checked) => checked.lifted.problems.flatMap((one) => tell(one, checked))

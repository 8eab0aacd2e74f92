import { atNode, type Check, nameOf } from './context.ts'

/** Nodes at the end of the pipeline share one result, so their keys must differ. */
export const checkOutputs: Check = ({ lifted }) => {
  const owners = new Map<string, string>()
  return [...lifted.nodes.values()].flatMap((node) => {
    if (node.entry.boundary !== 'end' || node.node.disabled) return []
    return [...node.inputs.keys()].flatMap((key) => {
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, nameOf(node))
      return owner === undefined
        ? []
        : [
            atNode(
              'duplicate-output',
              node,
              `${nameOf(node)}: the result already has "${key}" from "${owner}". Rename one of them.`,
              {
                port: key,
                details: { key, other: owner },
              },
            ),
          ]
    })
  })
}

/** Nodes at the start share the run's input, so a field that two of them name must be of one kind. */
export const checkInputs: Check = ({ lifted }) => {
  const kinds = new Map<string, string>()
  return [...lifted.nodes.values()].flatMap((node) => {
    if (node.entry.boundary !== 'start' || node.node.disabled) return []
    return [...node.outputs].flatMap(([name, { kind }]) => {
      const other = kinds.get(name)
      if (other === undefined) kinds.set(name, kind)
      return other === undefined || other === kind
        ? []
        : [
            atNode(
              'kind-mismatch',
              node,
              `${nameOf(node)}: the field "${name}" is ${kind} here and ${other} at another start. Give both one kind or two names.`,
              { port: name, details: { from: kind, to: other } },
            ),
          ]
    })
  })
}

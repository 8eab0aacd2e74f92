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
